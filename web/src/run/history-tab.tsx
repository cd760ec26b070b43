/** What became of the run: its attempts, the sessions they used, and every event. */
import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import type { Attempt, Run } from '../../../src/contract/resources.ts';
import { EventRow } from '../activity/event-row.tsx';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { dateTime, money, words } from '../ui/format.ts';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';
import { Panel, ViewBody } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Elapsed } from './elapsed.tsx';
import { CopyButton } from './run-facts.tsx';
import { outcomeWords } from './status-words.ts';

export function HistoryTab({ run }: { run: Run }) {
  return (
    <ViewBody className="grid content-start gap-3">
      <Attempts run={run} />
      <Events run={run} />
    </ViewBody>
  );
}

const COLUMNS: readonly Column<Attempt>[] = [
  { id: 'number', head: '#', cell: ({ number }) => number, number: true, width: 'w-10' },
  { id: 'kind', head: 'Kind', cell: ({ kind }) => words(kind), width: 'w-24' },
  { id: 'outcome', head: 'Outcome', cell: (attempt) => <Outcome attempt={attempt} />, grow: true },
  { id: 'started', head: 'Started', cell: ({ started_at }) => dateTime(started_at), width: 'w-32', wideOnly: true },
  {
    id: 'took',
    head: 'Took',
    cell: ({ started_at, ended_at }) => <Elapsed from={started_at} to={ended_at} />,
    number: true,
    width: 'w-20',
  },
  { id: 'cost', head: 'Cost', cell: ({ cost_usd }) => money(cost_usd), number: true, width: 'w-20' },
  { id: 'session', head: 'Session', cell: ({ session_id }) => <Session id={session_id} />, width: 'w-32', wideOnly: true },
  {
    id: 'head',
    head: 'Commit',
    cell: ({ head_commit }) => <span className="mono text-micro">{head_commit === null ? '–' : head_commit.slice(0, 7)}</span>,
    width: 'w-20',
    wideOnly: true,
  },
];

function Attempts({ run }: { run: Run }) {
  const { data, error, refetch } = useQuery(operationQuery('runs.attempts', { run: run.id }));
  const sessions = new Set(data?.items.map(({ session_id }) => session_id)).size;
  return (
    <Panel
      title="Attempts"
      sub={data === undefined || data.items.length === 0 ? undefined : `in ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`}
    >
      {error !== null && <Problem title="The attempts could not be read" error={error} onRetry={() => void refetch()} className="m-3" />}
      {error === null && data === undefined && <SkeletonRows rows={2} label="The attempts are read" />}
      {data?.items.length === 0 && <p className="px-3.5 pb-3 text-small text-fg-3">The run has not started yet.</p>}
      {data !== undefined && data.items.length > 0 && (
        <Table caption="Attempts of this run" columns={COLUMNS} rows={[...data.items].reverse()} rowKey={({ id }) => id} />
      )}
    </Panel>
  );
}

function Outcome({ attempt }: { attempt: Attempt }) {
  const { state, outcome, detail, exit_code: code, exit_signal: signal } = attempt;
  const glyph: GlyphName =
    state === 'live' ? 'running' : outcome === 'completed' ? 'completed' : outcome === 'interrupted' ? 'cancelled' : 'failed';
  const how = [detail, code !== null && code !== 0 ? `exit ${code}` : '', signal ?? ''].filter(Boolean).join(' · ');
  return (
    <span className="flex min-w-0 items-center gap-1.5" title={how}>
      <Glyph name={glyph} size={13} />
      <span className="flex-none text-fg">{state === 'live' ? 'Running' : outcome === null ? 'Ended' : outcomeWords(outcome)}</span>
      <span className="truncate text-fg-3">{outcome === 'completed' ? '' : how}</span>
    </span>
  );
}

function Session({ id }: { id: string }) {
  return (
    <span className="flex items-center gap-1">
      <span className="mono text-micro">{id.slice(0, 8)}</span>
      <CopyButton text={id} what="the session id" />
    </span>
  );
}

const SHOWN = 100;
const MOST = 500;

function Events({ run }: { run: Run }) {
  const [wanted, setWanted] = useState(SHOWN);
  // The number of the first one stays while new ones come: the query is asked again, not another one.
  const [upTo] = useState(run.seq);
  const after = Math.max(0, upTo - wanted);
  const { data, error, refetch } = useQuery(operationQuery('runs.events', { run: run.id, after, limit: MOST }));
  const more = after > 0 && wanted < MOST;
  return (
    <Panel title="Events" sub={`${run.seq} in all`}>
      {error !== null && <Problem title="The events could not be read" error={error} onRetry={() => void refetch()} className="m-3" />}
      {error === null && data === undefined && <SkeletonRows label="The events are read" />}
      {data?.items.length === 0 && <Empty icon={History} title="Nothing happened yet" />}
      <ul className="pb-1">
        {[...(data?.items ?? [])].reverse().map((event) => (
          <li key={event.id}>
            <EventRow event={event} />
          </li>
        ))}
      </ul>
      {more && (
        <Button kind="outline" size="sm" className="m-3" onClick={() => setWanted(Math.min(MOST, wanted * 5))}>
          Show earlier events
        </Button>
      )}
    </Panel>
  );
}

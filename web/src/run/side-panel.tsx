/** Facts beside the transcript: how it goes, what it costs, what is left to do, what holds the agent in. */
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { Run } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { ago, duration } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { useNow } from '../ui/use-now.ts';
import { CostSection } from './cost-section.tsx';
import { SandboxSection } from './sandbox-section.tsx';
import { Section, Unread } from './section.tsx';
import { outcomeWords, waitingWords } from './status-words.ts';
import { TodoList } from './transcript/todo-list.tsx';

export function SidePanel({ run, onClose }: { run: Run; onClose?: () => void }) {
  return (
    <aside className="inspector min-h-0 flex-1" aria-label="Facts of this run">
      {onClose !== undefined && (
        <div className="flex justify-end px-2 pt-2">
          <Button icon aria-label="Close the side panel" onClick={onClose}>
            <X size={16} strokeWidth={1.75} />
          </Button>
        </div>
      )}
      <HealthSection run={run} />
      <CostSection run={run} />
      <TodoSection run={run} />
      <SandboxSection run={run} />
    </aside>
  );
}

function HealthSection({ run }: { run: Run }) {
  const now = useNow();
  const { last_activity: last, waiting } = run;
  const attempts = run.attempts === 1 ? '1' : `${run.attempts}${run.auto_resumes > 0 ? `, ${run.auto_resumes} by itself` : ''}`;
  return (
    <Section title="Progress">
      {waiting !== null && (
        <p className="flex items-start gap-1.5 text-small text-waiting-fg">
          <Glyph name="waiting" size={13} className="mt-0.5" />
          <span className="min-w-0 break-words">
            {waitingWords(waiting)}, {duration(now - Date.parse(waiting.since))}
            {waiting.until !== undefined && Date.parse(waiting.until) > now && `, ${duration(Date.parse(waiting.until) - now)} left`}
          </span>
        </p>
      )}
      <dl className="kv">
        {last !== null && (
          <>
            <dt>Last activity</dt>
            <dd>{ago(Date.parse(last.at), now)}</dd>
            <dd className="col-span-2 min-w-0 truncate !text-start text-fg-2" title={last.text}>
              <span className="font-medium">{last.tool}</span> <span className="mono text-micro">{last.text}</span>
            </dd>
          </>
        )}
        <dt>Attempts</dt>
        <dd>{attempts}</dd>
        {run.outcome !== null && run.status !== 'running' && (
          <>
            <dt>Ended with</dt>
            <dd>{outcomeWords(run.outcome)}</dd>
          </>
        )}
      </dl>
      {run.outcome_detail !== null && run.outcome !== 'completed' && run.status !== 'running' && (
        <p className="text-small break-words text-fg-2">{run.outcome_detail}</p>
      )}
    </Section>
  );
}

function TodoSection({ run }: { run: Run }) {
  const { data, error, refetch } = useQuery(operationQuery('runs.todos', { run: run.id }));
  if (error !== null) {
    return (
      <Section title="Todo">
        <Unread error={error} onRetry={() => void refetch()} />
      </Section>
    );
  }
  if (data === undefined || data.items.length === 0) return null;
  const done = data.items.filter(({ status }) => status === 'completed').length;
  return (
    <Section title="Todo" right={`${done} of ${data.items.length}`}>
      <span className="bar" aria-hidden="true">
        <i className="bg-completed-solid" style={{ width: `${(done / data.items.length) * 100}%` }} />
      </span>
      <TodoList items={data.items} still={run.status !== 'running'} />
    </Section>
  );
}

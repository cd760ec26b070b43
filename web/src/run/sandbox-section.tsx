/** What holds the agent in: level, caps, network. A name that was refused can be allowed in its place. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CapsInForce, EgressPolicy, Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { operationQuery } from '../api/query.ts';
import { visibleName } from '../changes/diff/visible-text.ts';
import { Button } from '../ui/button.tsx';
import { bytes } from '../ui/format.ts';
import { Menu } from '../ui/menu.tsx';
import { toast, toastFailure } from '../ui/toast.tsx';
import { Section, Unread } from './section.tsx';
import { useMayAct } from './use-may-act.ts';

const SHOWN_REFUSED = 6;

export function SandboxSection({ run }: { run: Run }) {
  const attempts = useQuery(operationQuery('runs.attempts', { run: run.id }));
  const egress = useQuery(operationQuery('egress.show', { run: run.id }));
  const caps = attempts.data?.items.findLast((attempt) => attempt.caps !== null)?.caps ?? null;
  const refused = egress.data?.refused ?? run.egress_refused;
  const failed = attempts.error ?? egress.error;
  return (
    <Section title="Sandbox" right={run.sandbox}>
      {failed !== null && (
        <Unread
          error={failed}
          onRetry={() => {
            void attempts.refetch();
            void egress.refetch();
          }}
        />
      )}
      <dl className="kv">
        <dt>Egress</dt>
        <dd className="min-w-0 break-words">{policyWords(egress.data?.policy ?? run.egress)}</dd>
        {egress.data !== undefined && egress.data.bytes > 0 && (
          <>
            <dt>Moved</dt>
            <dd>{bytes(egress.data.bytes)}</dd>
          </>
        )}
        {caps !== null && <Caps caps={caps} />}
      </dl>
      {refused.length > 0 && (
        <ul className="grid gap-1" aria-label="Refused names">
          {refused.slice(0, SHOWN_REFUSED).map((host) => (
            <Refused key={host} run={run} host={host} />
          ))}
          {refused.length > SHOWN_REFUSED && <li className="text-small text-fg-3">and {refused.length - SHOWN_REFUSED} more</li>}
        </ul>
      )}
    </Section>
  );
}

function Caps({ caps }: { caps: CapsInForce }) {
  const rows = [
    ['Memory', caps.memory_bytes === null ? null : bytes(caps.memory_bytes)],
    ['CPU', caps.cpu_cores === null ? null : `${caps.cpu_cores} cores`],
    ['Processes', caps.pids === null ? null : String(caps.pids)],
    ['Disk', caps.disk_bytes === null ? null : bytes(caps.disk_bytes)],
  ] as const;
  const shown = rows.filter(([, value]) => value !== null);
  if (shown.length === 0) return null;
  return shown.map(([name, value]) => (
    <div key={name} className="contents">
      <dt>{name}</dt>
      <dd>up to {value}</dd>
    </div>
  ));
}

function policyWords(policy: EgressPolicy): string {
  if (!Array.isArray(policy)) return policy;
  return policy.length === 0 ? 'none' : policy.length <= 2 ? policy.map(visibleName).join(', ') : `${policy.length} names`;
}

function Refused({ run, host }: { run: Run; host: string }) {
  const client = useQueryClient();
  const mayAct = useMayAct();
  const [busy, setBusy] = useState(false);

  async function allow(scope: 'run' | 'project'): Promise<void> {
    setBusy(true);
    try {
      await call('egress.allow', { run: run.id, host, scope });
      toast({ kind: 'info', title: `${visibleName(host)} is allowed`, text: scope === 'run' ? 'For this run.' : `For ${run.project}.` });
      await client.invalidateQueries({ queryKey: operationQuery('egress.show', { run: run.id }).queryKey });
    } catch (error) {
      toastFailure(`${visibleName(host)} was not allowed`, error, () => void allow(scope));
    } finally {
      setBusy(false);
    }
  }

  return (
    <li className="flex min-w-0 items-center gap-2 text-small">
      <span className="text-fg-2">Refused</span>
      <span className="mono ml-auto min-w-0 truncate text-micro" title={visibleName(host)}>
        {visibleName(host)}
      </span>
      {mayAct && (
        <Menu
          label={`Allow ${visibleName(host)}`}
          entries={() => [
            { label: 'For this run', run: () => void allow('run') },
            { label: `For ${run.project}`, run: () => void allow('project') },
          ]}
          trigger={(props) => (
            <Button {...props} kind="outline" size="xs" busy={busy} aria-label={`Allow ${visibleName(host)}`}>
              Allow
            </Button>
          )}
        />
      )}
    </li>
  );
}

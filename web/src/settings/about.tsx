/** Who is signed in here, and what this server is. */
import { useQuery } from '@tanstack/react-query';
import { LogOut } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';
import { operationQuery } from '../api/query.ts';
import { session, watchSession } from '../api/session.ts';
import { signOut } from '../app/sign-in.ts';
import { Button } from '../ui/button.tsx';
import { dateTime } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { toastFailure } from '../ui/toast.tsx';
import { Row } from './editor-row.tsx';

export function SessionPanel() {
  const now = useSyncExternalStore(watchSession, session);
  const [busy, setBusy] = useState(false);
  async function leave(): Promise<void> {
    setBusy(true);
    try {
      await signOut();
    } catch (error) {
      toastFailure('You are still signed in', error, () => void leave());
      setBusy(false);
    }
  }
  return (
    <Panel title="Session">
      <Row
        head={
          <>
            <p className="font-medium">{now.state === 'in' ? `${now.user.name}, ${now.user.role}` : 'Signed out'}</p>
            <p className="text-small text-fg-2">Signing out ends the session of this browser only. Runs go on.</p>
          </>
        }
      >
        <Button kind="outline" size="lg" busy={busy} onClick={() => void leave()} className="self-start">
          <LogOut size={14} strokeWidth={1.75} />
          Sign out
        </Button>
      </Row>
    </Panel>
  );
}

export function AboutPanel() {
  const status = useQuery({ ...operationQuery('system.status', {}), refetchOnMount: 'always' });
  const server = status.data;
  return (
    <Panel title="About">
      {status.error !== null && (
        <Problem
          title="The server said nothing of itself"
          error={status.error}
          onRetry={() => void status.refetch()}
          className="m-3.5 mt-0"
        />
      )}
      <dl className="grid grid-cols-[120px_minmax(0,1fr)] gap-x-4 gap-y-1.5 border-t border-line-subtle px-3.5 py-3 text-small">
        {(
          [
            ['Version', server?.version],
            ['Address', server?.address],
            ['Home folder', server?.home],
            ['Process', server === undefined ? undefined : `${server.pid}, since ${dateTime(server.started_at)}`],
            ['Model provider', server === undefined ? undefined : providerWords(server.provider)],
          ] as const
        ).map(([term, text]) => (
          <div key={term} className="contents">
            <dt className="text-fg-2">{term}</dt>
            <dd className="min-w-0 break-words">{text ?? <Skeleton className="my-0.5 w-32" />}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function providerWords(provider: { configured: boolean; source: string | null; base_url: string; expires_at: string | null }): string {
  if (!provider.configured) return `No credential yet, for ${provider.base_url}`;
  const until = provider.expires_at === null ? '' : `, until ${dateTime(provider.expires_at)}`;
  return `Credential from ${provider.source ?? 'an unknown place'}${until}, for ${provider.base_url}`;
}

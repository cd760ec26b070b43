/** The checkout of a project against its remote, and what a person can do about it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, DownloadCloud, RefreshCw, UploadCloud } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GitStatus } from '../../../src/contract/git-resources.ts';
import type { Project } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { ago } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';

const NAMES = { fetch: 'Fetch', sync: 'Sync', push: 'Push' } as const;
type Act = keyof typeof NAMES;

export function GitPanel({ project, mayAct }: { project: Project; mayAct: boolean }) {
  const query = operationQuery('git.status', { project: project.id });
  const status = useQuery({ ...query, refetchOnMount: 'always' });
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: async (what: Act): Promise<string> => {
      if (what === 'push') {
        const done = await call('git.push', { project: project.id });
        return `Pushed ${done.branch} to ${done.remote} at ${done.commit.slice(0, 8)}.`;
      }
      const next = await call(what === 'fetch' ? 'git.fetch' : 'git.sync', { project: project.id });
      queries.setQueryData(query.queryKey, next);
      return what === 'fetch' ? `Fetched. ${distance(next)}` : `In step with ${next.upstream ?? 'the remote'}.`;
    },
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [name] }) => name === 'git.status' || name === 'branches.list',
      }),
  });
  const git = status.data;
  const remote = git?.remote !== null && git !== undefined;
  return (
    <Panel
      title="Repository"
      actions={
        mayAct &&
        remote && (
          <>
            <ActButton what="fetch" act={act} icon={<RefreshCw size={13} strokeWidth={1.75} />} />
            <ActButton what="sync" act={act} icon={<DownloadCloud size={13} strokeWidth={1.75} />} />
            <ActButton what="push" act={act} icon={<UploadCloud size={13} strokeWidth={1.75} />} />
          </>
        )
      }
    >
      <p className="mono border-t border-line-subtle px-3.5 pt-2.5 text-[11.5px] break-all text-fg-2">{project.path}</p>
      {status.error !== null && (
        <Problem title={titleOf(status.error)} error={status.error} onRetry={() => void status.refetch()} className="m-3.5" />
      )}
      {status.isPending && <SkeletonRows rows={3} label="Reading the repository" />}
      {git !== undefined && status.error === null && <Facts git={git} />}
      <div aria-live="polite">
        {act.data !== undefined && (
          <p className="flex items-center gap-1.5 px-3.5 pb-3 text-small text-completed-fg">
            <Glyph name="completed" size={12} />
            {act.data}
          </p>
        )}
        {act.error !== null && (
          <Problem
            title={`${NAMES[act.variables ?? 'fetch']} did not work`}
            error={act.error}
            onRetry={() => act.variables !== undefined && act.mutate(act.variables)}
            className="m-3.5 mt-0"
          />
        )}
      </div>
    </Panel>
  );
}

interface ActButtonProps {
  readonly what: Act;
  readonly act: { isPending: boolean; variables: Act | undefined; mutate: (what: Act) => void };
  readonly icon: ReactNode;
}

function ActButton({ what, act, icon }: ActButtonProps) {
  return (
    <Button
      size="sm"
      kind="outline"
      busy={act.isPending && act.variables === what}
      disabled={act.isPending}
      onClick={() => act.mutate(what)}
    >
      {icon}
      {NAMES[what]}
    </Button>
  );
}

function Facts({ git }: { git: GitStatus }) {
  const nowMs = useNow(60_000);
  return (
    <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-4 gap-y-1 px-3.5 pt-2.5 pb-3 text-small">
      <Fact term="Checked out">
        {git.branch === null ? (
          <span>a commit, no branch ({git.head?.slice(0, 8) ?? 'none'})</span>
        ) : (
          <span>
            <code className="text-[11.5px]">{git.branch}</code> at{' '}
            <code className="text-[11.5px]">{git.head?.slice(0, 8) ?? 'no commit'}</code>
          </span>
        )}
      </Fact>
      <Fact term="Not committed">
        {git.uncommitted === 0 ? 'nothing' : `${git.uncommitted} ${git.uncommitted === 1 ? 'file' : 'files'}; runs do not see them`}
      </Fact>
      <Fact term="Remote">
        {git.remote === null
          ? 'none: changes are merged here'
          : git.upstream === null
            ? `${git.remote}, no upstream of this branch`
            : git.upstream}
      </Fact>
      {git.upstream !== null && (
        <Fact term="Distance">
          <span className="inline-flex items-center gap-2">
            <span className="inline-flex items-center gap-0.5">
              <ArrowUp size={12} strokeWidth={1.75} aria-hidden />
              {git.ahead ?? 0} ahead
            </span>
            <span className="inline-flex items-center gap-0.5">
              <ArrowDown size={12} strokeWidth={1.75} aria-hidden />
              {git.behind ?? 0} behind
            </span>
          </span>
        </Fact>
      )}
      {git.remote !== null && (
        <Fact term="Fetched">{git.fetched_at === null ? 'never by Gluon' : ago(Date.parse(git.fetched_at), nowMs)}</Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-2">{term}</dt>
      <dd className="num min-w-0 break-words whitespace-normal">{children}</dd>
    </>
  );
}

function distance({ ahead, behind }: GitStatus): string {
  if (!ahead && !behind) return 'Nothing new.';
  return `${ahead ?? 0} ahead, ${behind ?? 0} behind.`;
}

function titleOf(error: unknown): string {
  return error instanceof ApiFailure && error.code === 'repository_missing'
    ? 'The repository has vanished'
    : 'The repository could not be read';
}

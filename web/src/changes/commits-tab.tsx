/** Commits of a run, each with its own diff. */
import { ArrowLeft, Copy, GitCommitHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { Commit } from '../../../src/contract/git-resources.ts';
import type { Run } from '../../../src/contract/resources.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Empty } from '../ui/empty.tsx';
import { dateTime, whole } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { ChangeView } from './change-view.tsx';
import { useCommits } from './commit-picker.tsx';
import { copy } from './diff/file-head.tsx';
import { visibleName } from './diff/visible-text.ts';
import { NO_COMMENTS, NOWHERE } from './no-comments.ts';
import { useChange } from './use-change.ts';
import { useWidth } from './use-width.ts';
import { useWriting } from './use-writing.ts';

/** With less, the list and the commit take turns. */
const ROOM_FOR_BOTH = 900;

/** Fills its parent, which gives it a height. */
export function CommitsTab({ run }: { readonly run: Run }) {
  const { data, error, refetch } = useCommits(run);
  const [box, width] = useWidth<HTMLDivElement>();
  const [picked, setPicked] = useState<string | null>(null);
  const commits = data?.items ?? [];
  const both = width >= ROOM_FOR_BOTH;
  const shown = commits.find(({ sha }) => sha === picked) ?? (both ? commits[0] : undefined);

  if (run.base_commit === null || (data !== undefined && commits.length === 0)) return <None run={run} />;
  if (error !== null) {
    return (
      <div className="m-auto w-full max-w-md p-4">
        <Problem title="The commits could not be read" error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <SkeletonRows label="The commits are read" />;
  return (
    <div ref={box} className={cx('grid min-h-0 flex-1', both ? 'grid-cols-[300px_minmax(0,1fr)]' : 'grid-cols-1')}>
      {(both || shown === undefined) && width > 0 && (
        <ol aria-label="Commits, newest first" className={cx('min-h-0 overflow-y-auto p-2', both && 'border-r border-line-subtle')}>
          {commits.map((commit) => (
            <li key={commit.sha}>
              <CommitRow commit={commit} current={commit.sha === shown?.sha} onPick={() => setPicked(commit.sha)} />
            </li>
          ))}
        </ol>
      )}
      {shown !== undefined && <Shown key={shown.sha} run={run} commit={shown} onBack={both ? null : () => setPicked(null)} />}
    </div>
  );
}

function None({ run }: { readonly run: Run }) {
  const text =
    run.status === 'running' || run.status === 'pending'
      ? 'What the agent commits appears here at once.'
      : 'The run ended without a commit.';
  return <Empty icon={GitCommitHorizontal} title="No commits" text={text} />;
}

function CommitRow({ commit, current, onPick }: { readonly commit: Commit; readonly current: boolean; readonly onPick: () => void }) {
  return (
    <button
      type="button"
      aria-current={current || undefined}
      onClick={onPick}
      className="grid w-full gap-0.5 rounded-md px-2.5 py-2 hover:bg-hover aria-[current]:bg-active"
    >
      <span className="line-clamp-2 font-medium break-words">{visibleName(commit.subject) || 'No message'}</span>
      <span className="flex min-w-0 items-center gap-2 text-micro text-fg-3">
        <span className="mono">{commit.sha.slice(0, 7)}</span>
        <span className="min-w-0 truncate">{visibleName(commit.author)}</span>
        <time dateTime={commit.at} className="num ml-auto">
          {dateTime(commit.at)}
        </time>
      </span>
      <Stat commit={commit} />
    </button>
  );
}

function Stat({ commit: { files_changed, insertions, deletions } }: { readonly commit: Commit }) {
  if (files_changed === undefined) return null;
  return (
    <span className="num flex gap-1.5 text-micro text-fg-3">
      {files_changed === 1 ? '1 file' : `${whole(files_changed)} files`}
      {insertions !== undefined && insertions > 0 && <span className="text-diff-add-fg">+{whole(insertions)}</span>}
      {deletions !== undefined && deletions > 0 && <span className="text-diff-del-fg">−{whole(deletions)}</span>}
    </span>
  );
}

function Shown({ run, commit, onBack }: { readonly run: Run; readonly commit: Commit; readonly onBack: (() => void) | null }) {
  const shown = useChange(run.id, { kind: 'commit', sha: commit.sha });
  const writing = useWriting(run.id);
  const { change, reload } = shown;
  return (
    <section aria-label={`Commit ${commit.sha.slice(0, 7)}`} className="flex min-h-0 min-w-0 flex-col">
      <header className="grid flex-none gap-1 border-b border-line-subtle px-4 py-2.5">
        <div className="flex items-center gap-2">
          {onBack !== null && (
            <Button icon size="sm" aria-label="Back to the commits" onClick={onBack}>
              <ArrowLeft size={14} strokeWidth={1.75} aria-hidden />
            </Button>
          )}
          <h2 className="min-w-0 font-semibold break-words">{visibleName(commit.subject) || 'No message'}</h2>
        </div>
        {commit.body.trim() !== '' && (
          <p className="max-h-32 max-w-(--w-prose) overflow-y-auto text-small break-words whitespace-pre-wrap text-fg-2">
            {commit.body.trim()}
          </p>
        )}
        <p className="flex flex-wrap items-center gap-x-2 text-micro text-fg-3">
          <span>
            {visibleName(commit.author)} &lt;{visibleName(commit.email)}&gt;
          </span>
          <time dateTime={commit.at} className="num">
            {dateTime(commit.at)}
          </time>
          <Button
            size="xs"
            aria-label={`${commit.sha.slice(0, 7)}, copy the commit's name`}
            onClick={() => copy(commit.sha, "The commit's name")}
            className="mono text-fg-2"
          >
            {commit.sha.slice(0, 7)}
            <Copy size={11} strokeWidth={1.75} aria-hidden />
          </Button>
        </p>
      </header>
      <ChangeView
        run={run}
        shown={shown}
        comments={NO_COMMENTS}
        writing={writing}
        says={NOWHERE}
        scope={null}
        instead={
          change.state === 'loading' ? (
            <SkeletonRows label="The commit is read" />
          ) : change.state === 'failed' ? (
            <div className="m-auto w-full max-w-md p-4">
              <Problem title="The commit could not be read" error={change.error} onRetry={reload} />
            </div>
          ) : change.files.length === 0 ? (
            <Empty icon={GitCommitHorizontal} title="No changes" text="This commit changes no file: it is a merge, or only a message." />
          ) : null
        }
      />
    </section>
  );
}

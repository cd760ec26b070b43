/** The change of a run: tree, diff, comments that go to the agent. */
import { FileDiff } from 'lucide-react';
import { useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { useMayAct } from '../run/use-may-act.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import type { Change } from './change-loader.ts';
import { ChangeView } from './change-view.tsx';
import { CommitPicker } from './commit-picker.tsx';
import type { Side } from './diff/rows.ts';
import { NO_COMMENTS, NOWHERE } from './no-comments.ts';
import { ScopeSwitch } from './scope-switch.tsx';
import { SendBar } from './send-bar.tsx';
import { type Scope, useChange } from './use-change.ts';
import { useComments } from './use-comments.ts';
import { useWriting } from './use-writing.ts';

export interface FilesTabProps {
  readonly run: Run;
  /** Path of the file to begin with, and who is told when the person goes to another. */
  readonly file?: string;
  readonly onFile?: (path: string) => void;
}

/** Fills its parent, which gives it a height. */
export function FilesTab(props: FilesTabProps) {
  const { run } = props;
  if (run.base_commit === null) {
    return (
      <Empty
        icon={FileDiff}
        title="No change yet"
        text={
          run.status === 'pending' ? 'The run has not started. What it changes stands here.' : 'The run ended before it had a working copy.'
        }
      />
    );
  }
  return <Started {...props} />;
}

const BOTH: readonly Side[] = ['old', 'new'];
const NEW: readonly Side[] = ['new'];

function Started({ run, file, onFile }: FilesTabProps) {
  const [scope, setScope] = useState<Scope>({ kind: 'base' });
  const shown = useChange(run.id, scope);
  const comments = useComments(run.id, run.head_commit);
  const writing = useWriting(run.id);
  const mayWrite = useMayAct();
  const { change, reload } = shown;
  const says = !mayWrite || scope.kind === 'commit' ? NOWHERE : scope.kind === 'base' ? BOTH : NEW;
  const unfinished = [...writing.drafts.values()].filter(({ text }) => text.trim() !== '').length;
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <ChangeView
        key={scope.kind === 'commit' ? scope.sha : scope.kind}
        run={run}
        shown={shown}
        comments={scope.kind === 'commit' ? NO_COMMENTS : comments}
        writing={writing}
        says={says}
        file={file}
        onFile={onFile}
        scope={
          <>
            <ScopeSwitch scope={scope} run={run} onScope={setScope} />
            {scope.kind === 'commit' ? (
              <CommitPicker run={run} sha={scope.sha} onPick={(sha) => setScope({ kind: 'commit', sha })} />
            ) : (
              <Between run={run} change={change} />
            )}
          </>
        }
        notice={
          <>
            {isOld(run, scope, change) && (
              <p role="status" className="flex flex-none items-center gap-3 bg-running-tint px-4 py-1.5 text-small text-running-fg">
                The change has moved on since you opened it.
                <Button kind="outline" size="sm" onClick={reload}>
                  Show the newest
                </Button>
              </p>
            )}
            {comments.error !== null && (
              <div className="px-3 pt-3">
                <Problem title="The comments could not be read" error={comments.error} onRetry={comments.reload} />
              </div>
            )}
          </>
        }
        instead={instead(run, scope, change, reload)}
      />
      {mayWrite && <SendBar run={run} comments={comments} unfinished={unfinished} />}
    </div>
  );
}

function Between({ run, change }: { readonly run: Run; readonly change: Change }) {
  if (change.state !== 'listed' || change.to === '') return null;
  return (
    <span className="mono text-[11px] whitespace-nowrap text-fg-3 max-[1280px]:hidden">
      {run.base_branch ?? change.from.slice(0, 7)} ← {change.to.slice(0, 7)}
    </span>
  );
}

/** Commits came in, or the branch was moved onto another base, since the list was read. */
function isOld(run: Run, { kind }: Scope, change: Change): boolean {
  if (kind === 'commit' || change.state !== 'listed' || !change.settled) return false;
  return (run.head_commit ?? run.base_commit) !== change.to || (kind === 'base' && run.base_commit !== change.from);
}

function instead(run: Run, { kind }: Scope, change: Change, reload: () => void) {
  if (change.state === 'loading') return <SkeletonRows label="The change is read" />;
  if (change.state === 'failed') {
    return (
      <div className="m-auto w-full max-w-md p-4">
        <Problem title="The change could not be read" error={change.error} onRetry={reload} />
      </div>
    );
  }
  if (change.files.length > 0) return null;
  const text = {
    base:
      run.status === 'running'
        ? 'The agent has not committed anything yet. Its commits appear here.'
        : 'The run ended without a change to a file.',
    checkpoint: 'Nothing was committed since the last message to the agent.',
    commit: 'This commit changes no file: it is a merge, or only a message.',
  }[kind];
  return <Empty icon={FileDiff} title="No changes" text={text} />;
}

/** Questions before actions that cannot be taken back; each names the run and says what stays. */
import type { Run } from '../../../src/contract/resources.ts';
import { AlertDialog } from '../ui/dialog.tsx';
import type { PlainAction } from './perform.ts';

interface AskFirstProps {
  readonly action: PlainAction;
  readonly run: Run;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onAction: () => void;
}

export function AskFirst({ action, run, busy, onClose, onAction }: AskFirstProps) {
  const shared = { open: true, busy, onClose, onAction };
  if (action === 'merge') {
    return (
      <AlertDialog {...shared} title={`Merge “${run.title}”?`} action={`Merge into ${run.base_branch ?? 'the base branch'}`} danger={false}>
        {run.commit_count} {run.commit_count === 1 ? 'commit goes' : 'commits go'} into <b>{run.base_branch ?? 'the base branch'}</b> of the
        repository. Nothing is pushed.
      </AlertDialog>
    );
  }
  if (action === 'stop') {
    return (
      <AlertDialog {...shared} title={`Stop “${run.title}”?`} action="Stop the run">
        The agent is ended and the run goes to Cancelled. Its commits, its working copy and its transcript are kept.
      </AlertDialog>
    );
  }
  return (
    <AlertDialog {...shared} title={`Cancel “${run.title}”?`} action="Cancel the run">
      {run.status === 'pending' ? 'It leaves the queue and does not start.' : 'It goes to Cancelled.'} What it did so far is kept, and it
      can be queued again.
    </AlertDialog>
  );
}

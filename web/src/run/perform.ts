/** Carries out an action on a run. The answer of the server goes into the store, so that the view does not wait for the live message. */
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { wholeRuns } from '../store/use-runs.ts';
import { toast } from '../ui/toast.tsx';
import type { ActionName } from './actions.ts';

/** Those that need nothing but the run. `fork` needs a prompt and has a dialog of its own. */
export type PlainAction = Exclude<ActionName, 'fork'>;

/** Throws `ApiFailure`. */
export async function perform(action: PlainAction, run: Run): Promise<void> {
  if (action === 'merge') return merge(run);
  wholeRuns.put([await request(action, run)]);
}

function request(action: Exclude<PlainAction, 'merge'>, { id, status }: Run): Promise<Run> {
  const ref = { run: id };
  switch (action) {
    case 'cancel':
    case 'stop':
      return call('runs.cancel', ref);
    case 'interrupt':
      return call('runs.interrupt', ref);
    case 'accept':
      return call('runs.move', { ...ref, status: 'completed', expected: status });
    case 'reopen':
      return call('runs.move', { ...ref, status: 'review', expected: status });
    case 'queue':
      return call('runs.move', { ...ref, status: 'pending', expected: status });
    case 'resume':
      return call('runs.resume', ref);
    case 'recover':
      return call('runs.recover', ref);
    case 'archive':
      return call('runs.archive', ref);
    case 'unarchive':
      return call('runs.unarchive', ref);
    case 'undelete':
      return call('runs.undelete', ref);
    default:
      return action satisfies never;
  }
}

const CHECKOUT = {
  updated: 'Your checkout shows it.',
  left_alone: 'Your checkout was left as it is.',
  other_branch: 'Your checkout stands on another branch.',
} as const;

async function merge(run: Run): Promise<void> {
  const merged = await call('runs.merge', { run: run.id });
  toast({ kind: 'info', title: `Merged into ${merged.base}`, text: CHECKOUT[merged.checkout] });
}

/** What failed, as the head of a toast. */
export const FAILED: Record<ActionName, string> = {
  cancel: 'The run was not cancelled',
  stop: 'The run was not stopped',
  interrupt: 'The run was not interrupted',
  accept: 'The run was not accepted',
  merge: 'The change was not merged',
  resume: 'The run was not resumed',
  fork: 'The run was not forked',
  queue: 'The run was not queued again',
  recover: 'The run was not recovered',
  reopen: 'The run was not reopened',
  archive: 'The run was not archived',
  unarchive: 'The run was not brought back',
  undelete: 'The working copy was not brought back',
};

/** What a person may do with a run, by its state. Pure: the header, the menu and the shortcuts ask here. */
import type { Run } from '../../../src/contract/resources.ts';

export const ACTIONS = {
  cancel: { label: 'Cancel' },
  stop: { label: 'Stop' },
  interrupt: { label: 'Interrupt' },
  accept: { label: 'Accept' },
  merge: { label: 'Merge' },
  resume: { label: 'Resume' },
  fork: { label: 'Fork' },
  queue: { label: 'Queue again' },
  recover: { label: 'Recover' },
  reopen: { label: 'Reopen' },
  archive: { label: 'Archive' },
  unarchive: { label: 'Bring back to the board' },
  undelete: { label: 'Bring back the working copy' },
} as const;
export type ActionName = keyof typeof ACTIONS;

export interface ActionSet {
  /** Buttons of the header, the least important first. */
  readonly header: readonly ActionName[];
  /** The one that is set in ink. */
  readonly primary: ActionName | null;
  readonly menu: readonly ActionName[];
}

type Facts = Pick<
  Run,
  'status' | 'legal_moves' | 'session_id' | 'head_commit' | 'base_commit' | 'merged_commit' | 'archived' | 'worktree_state' | 'commit_count'
>;

export function actionsOf(run: Facts): ActionSet {
  const header = headerOf(run);
  const menu: ActionName[] = [];
  if (run.status !== 'pending' && run.status !== 'running') menu.push(run.archived ? 'unarchive' : 'archive');
  if (run.worktree_state === 'removed') menu.push('undelete');
  // What the column allows and the header has no button for.
  if (run.status === 'review' && run.legal_moves.includes('cancelled')) menu.push('cancel');
  const primary = header.find((name) => name === 'accept' || name === 'queue') ?? null;
  return { header, primary, menu };
}

function headerOf(run: Facts): ActionName[] {
  const fork: ActionName[] = run.session_id === null ? [] : ['fork'];
  switch (run.status) {
    case 'pending':
      return ['cancel'];
    case 'running':
      return [...fork, 'interrupt', 'stop'];
    case 'review':
      return [...fork, 'resume', ...(canMerge(run) ? (['merge'] as const) : []), 'accept'];
    case 'failed':
      return [...fork, ...(run.session_id === null ? [] : (['recover'] as const)), 'queue'];
    case 'completed':
      return [...fork, 'reopen'];
    case 'cancelled':
      return ['queue'];
    default:
      return run.status satisfies never;
  }
}

function canMerge(run: Facts): boolean {
  return run.merged_commit === null && run.commit_count > 0 && run.head_commit !== null && run.head_commit !== run.base_commit;
}

/** One classifier for what may be tidied away, used by the preview and by the action alike. */
import type { RunStatus } from './status.ts';

export interface WorkingCopyFacts {
  /** Null: no run knows this folder. */
  readonly status: RunStatus | null;
  readonly merged: boolean;
  readonly archived: boolean;
  /** Days since the run ended; null while it has not. */
  readonly endedDaysAgo: number | null;
}

export type WorkingCopyState = 'active' | 'retained' | 'merged' | 'expired' | 'orphan';

/** Days that the working copy of an ended run is kept for a look. */
const KEEP_DAYS = 7;

export function classifyWorkingCopy(facts: WorkingCopyFacts): { state: WorkingCopyState; reason: string } {
  switch (facts.status) {
    case null:
      return { state: 'orphan', reason: 'No run knows this folder.' };
    case 'pending':
    case 'running':
    case 'review':
      return { state: 'active', reason: `Its run is in ${facts.status}.` };
    case 'completed':
      if (facts.merged) return { state: 'merged', reason: 'Its change was merged.' };
      break;
    case 'failed':
    case 'cancelled':
      break;
    default:
      return facts.status satisfies never;
  }
  const days = facts.endedDaysAgo ?? 0;
  if (facts.archived || days > KEEP_DAYS)
    return { state: 'expired', reason: facts.archived ? 'Its run is archived.' : `Its run ended ${Math.floor(days)} days ago.` };
  return { state: 'retained', reason: `Its run ended less than ${KEEP_DAYS} days ago.` };
}

export function mayRemove(state: WorkingCopyState): boolean {
  return state === 'merged' || state === 'expired';
}

/** The columns of the board: one per status, in the order in which work moves. */
import type { RunCard } from '../../../src/contract/web-resources.ts';

export type Status = RunCard['status'];

export const STATUSES = ['pending', 'running', 'review', 'completed', 'failed', 'cancelled'] as const satisfies readonly Status[];

export const COLUMN_WORD: Record<Status, string> = {
  pending: 'Queue',
  running: 'Running',
  review: 'Review',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** Cancelled takes room only when there is something in it, or something could be put there. */
export function shownColumns(cancelled: number, dragging: boolean): readonly Status[] {
  return cancelled > 0 || dragging ? STATUSES : STATUSES.filter((status) => status !== 'cancelled');
}

/** The states of a run and the moves that a person may make between them. One owner for the whole product. */

export const RUN_STATUSES = ['pending', 'running', 'review', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const COLUMNS: Record<RunStatus, string> = {
  pending: 'Queue',
  running: 'Running',
  review: 'Review',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** Moves by drag, CLI or API. Moves that Gluon makes itself (dispatch, finish) are decided elsewhere in this folder. */
const PERSON_MOVES: Record<RunStatus, readonly RunStatus[]> = {
  pending: ['cancelled'],
  running: ['cancelled'],
  review: ['completed', 'pending', 'failed', 'cancelled'],
  completed: ['review'],
  failed: ['pending'],
  cancelled: ['pending'],
};

export function legalMoves(from: RunStatus): readonly RunStatus[] {
  return PERSON_MOVES[from];
}

export type MoveDecision = { kind: 'allowed'; requeue: boolean } | { kind: 'refused'; sentence: string };

/** Decides a move by a person. `requeue` means the run must really be queued again. */
export function decideMove(from: RunStatus, to: RunStatus): MoveDecision {
  if (PERSON_MOVES[from].includes(to)) {
    return { kind: 'allowed', requeue: to === 'pending' };
  }
  const legal = PERSON_MOVES[from].map((status) => COLUMNS[status]).join(', ');
  return {
    kind: 'refused',
    sentence: `A run in ${COLUMNS[from]} cannot be moved to ${COLUMNS[to]}; from there it can go to ${legal}.`,
  };
}

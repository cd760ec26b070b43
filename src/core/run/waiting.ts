/** Why a run waits: shown beside the status. */

export const WAITING_REASONS = ['slot', 'capacity', 'budget', 'dependency', 'schedule', 'input', 'limit_reset'] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

export interface Waiting {
  readonly reason: WaitingReason;
  readonly detail: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly until?: string;
}

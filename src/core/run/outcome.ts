/** How an attempt, and with it a run, ended. The same names in store, API, CLI and page. */

export const OUTCOMES = [
  'completed',
  'limit_turns',
  'limit_budget',
  'limit_time',
  'limit_iterations',
  'interrupted',
  'rate_limited',
  'auth',
  'billing',
  'context_overflow',
  'refused',
  'agent_exit',
  'agent_silent',
  'resource_memory',
  'resource_pids',
  'resource_disk',
  'sandbox_unavailable',
  'workspace_failed',
  'lost',
  'circuit_open',
  'gate_failed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What is known of an ended attempt, whatever the outcome: no caller guesses from a message. */
export interface AttemptEnd {
  readonly outcome: Outcome;
  /** One sentence for people: what happened. */
  readonly detail: string;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  /** The vendor's session can be continued. */
  readonly resumable: boolean;
  /** The vendor says that it no longer has the session that was to be continued. */
  readonly sessionGone?: boolean;
  /** When the provider will serve again (epoch milliseconds), with `rate_limited`. */
  readonly untilMs: number | null;
}

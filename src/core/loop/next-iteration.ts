/** Whether a loop goes on with another iteration, and when. Asked before each one; counters come from records, so a restart changes nothing. */
import type { Breaker } from './breaker.ts';

export interface BeforeIteration {
  readonly stopRequested: boolean;
  readonly breaker: Breaker;
  readonly costUsd: number | null;
  readonly maxCostUsd: number | null;
  readonly iterations: number;
  readonly maxLoops: number;
  /** Time of the iterations themselves, in milliseconds; waits do not count. */
  readonly activeMs: number;
  readonly maxActiveMs: number | null;
  /** When each model call of the last hour began, oldest first (epoch milliseconds); at most `maxCallsPerHour` of them are needed. */
  readonly callsMs: readonly number[];
  readonly maxCallsPerHour: number | null;
  readonly nowMs: number;
}

export type NextIteration =
  | { readonly kind: 'start' }
  /** The run stays `running`, waiting for capacity. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly detail: string }
  | {
      readonly kind: 'end';
      readonly outcome: 'interrupted' | 'circuit_open' | 'limit_budget' | 'limit_iterations' | 'limit_time';
      readonly reason: string;
    };

const HOUR_MS = 3_600_000;

export function decideNextIteration(facts: BeforeIteration): NextIteration {
  const end = (outcome: (NextIteration & { kind: 'end' })['outcome'], reason: string): NextIteration => ({ kind: 'end', outcome, reason });
  if (facts.stopRequested) return end('interrupted', 'Somebody stopped the loop.');
  if (facts.breaker.state === 'OPEN') return end('circuit_open', facts.breaker.reason ?? 'The circuit breaker is open.');
  // A cost that is not known cannot be kept under a cap.
  if (facts.maxCostUsd !== null && (facts.costUsd === null || facts.costUsd >= facts.maxCostUsd)) {
    return end(
      'limit_budget',
      facts.costUsd === null ? 'The cost of a call is not known, and there is a money cap.' : 'The money cap is reached.',
    );
  }
  if (facts.iterations >= facts.maxLoops) return end('limit_iterations', `All ${facts.maxLoops} iterations are used.`);
  if (facts.maxActiveMs !== null && facts.activeMs >= facts.maxActiveMs) return end('limit_time', 'The time limit is reached.');
  const free = callAllowedAtMs(facts.callsMs, facts.maxCallsPerHour, facts.nowMs);
  if (free > facts.nowMs)
    return { kind: 'wait', untilMs: free, detail: `${facts.maxCallsPerHour} model calls in the last hour: the limit.` };
  return { kind: 'start' };
}

/** When the window of one hour has room for a call again; now or earlier when it has. A limit of 0 allows none, and is asked again in an hour. */
export function callAllowedAtMs(callsMs: readonly number[], most: number | null, nowMs: number): number {
  if (most === null) return nowMs;
  const recent = callsMs.filter((at) => at > nowMs - HOUR_MS);
  if (recent.length < most) return nowMs;
  const leaving = recent[recent.length - most];
  return leaving === undefined ? nowMs + HOUR_MS : leaving + HOUR_MS;
}

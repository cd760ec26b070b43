/** Whether supervision resumes a run that lies in review. Guards in a fixed order, each with its reason; then what the policy wants. */
import type { BreakerState } from '../loop/breaker.ts';
import type { Outcome } from '../run/outcome.ts';

export const SUPERVISION_POLICIES = ['manual', 'conservative', 'aggressive'] as const;
export type SupervisionPolicy = (typeof SUPERVISION_POLICIES)[number];

export interface SupervisionFacts {
  readonly enabled: boolean;
  readonly policy: SupervisionPolicy;
  readonly breaker: BreakerState;
  /** Completed with evidence, or a person accepted it. */
  readonly proved: boolean;
  readonly pullRequestClosed: boolean;
  readonly autoResumes: number;
  readonly maxAutoResumes: number;
  readonly costUsd: number | null;
  readonly maxCostUsd: number | null;
  /** When the hourly limit of calls has room again (epoch milliseconds); null while it has. */
  readonly callsFreeAtMs: number | null;
  readonly lastResumeMs: number | null;
  readonly nowMs: number;
  readonly resumable: boolean;
  readonly waitsForInput: boolean;
  readonly outcome: Outcome | null;
  /** Of the last iteration; null when there was none. */
  readonly confidence: number | null;
  readonly testOnly: number;
}

export interface SupervisionDecision {
  readonly resume: boolean;
  /** Stable name of the rule that decided, for records and tests. */
  readonly rule: string;
  /** One sentence for people. */
  readonly reason: string;
  /** It may look different from then on; null when time alone changes nothing. */
  readonly waitUntilMs: number | null;
}

export const COOLDOWN_MS = 60_000;
const LOW_CONFIDENCE = 40;
const TEST_ONLY = 2;
const UNFINISHED: readonly Outcome[] = ['limit_iterations', 'limit_turns', 'interrupted', 'lost', 'agent_exit'];

export function decideSupervision(facts: SupervisionFacts): SupervisionDecision {
  const no = (rule: string, reason: string, waitUntilMs: number | null = null): SupervisionDecision => ({
    resume: false,
    rule,
    reason,
    waitUntilMs,
  });
  if (!facts.enabled) return no('off', 'Supervision is off.');
  if (facts.policy === 'manual') return no('manual', 'Its policy is manual: a person decides.');
  if (facts.breaker === 'OPEN') return no('breaker_open', 'Its circuit breaker is open: a person has to look.');
  if (facts.proved) return no('proved', 'It is completed, with evidence or by a person.');
  if (facts.pullRequestClosed) return no('pull_request_closed', 'Its pull request was merged or closed.');
  if (facts.autoResumes >= facts.maxAutoResumes) return no('cap', `It was resumed ${facts.autoResumes} times by itself: the cap.`);
  if (facts.maxCostUsd !== null && (facts.costUsd === null || facts.costUsd >= facts.maxCostUsd))
    return no('cost', 'Its money cap is reached.');
  if (facts.callsFreeAtMs !== null && facts.callsFreeAtMs > facts.nowMs)
    return no('calls', 'Its hourly limit of model calls is reached.', facts.callsFreeAtMs);
  const calmAtMs = (facts.lastResumeMs ?? Number.NEGATIVE_INFINITY) + COOLDOWN_MS;
  if (calmAtMs > facts.nowMs) return no('cooldown', 'It was resumed less than 60 s ago.', calmAtMs);
  if (!facts.resumable) return no('no_session', 'It has no session that can be resumed.');
  if (facts.waitsForInput) return no('input', 'It waits for an answer.');
  return facts.policy === 'aggressive' ? aggressive(facts) : conservative(facts, no);
}

function aggressive(facts: SupervisionFacts): SupervisionDecision {
  const warning = facts.breaker === 'HALF_OPEN' ? ' Its circuit breaker is half open.' : '';
  return { resume: true, rule: 'aggressive', reason: `Its policy is aggressive.${warning}`, waitUntilMs: null };
}

function conservative(facts: SupervisionFacts, no: (rule: string, reason: string) => SupervisionDecision): SupervisionDecision {
  if (facts.breaker !== 'CLOSED') return no('half_open', 'Its circuit breaker is half open, and its policy is conservative.');
  const yes = (rule: string, reason: string): SupervisionDecision => ({ resume: true, rule, reason, waitUntilMs: null });
  if (facts.confidence !== null && facts.confidence < LOW_CONFIDENCE)
    return yes('low_confidence', `Its confidence of being complete is ${facts.confidence}.`);
  if (facts.testOnly >= TEST_ONLY) return yes('test_only', `Its last ${facts.testOnly} iterations only ran tests.`);
  if (facts.outcome !== null && UNFINISHED.includes(facts.outcome)) return yes('unfinished', `It ended unfinished (${facts.outcome}).`);
  return no('no_reason', 'Nothing says that it is unfinished.');
}

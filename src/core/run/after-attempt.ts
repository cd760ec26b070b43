/** What follows when an attempt of a plain run has ended. Pure: the service that owns finishing carries it out. */
import type { AttemptEnd, Outcome } from './outcome.ts';
import type { WaitingReason } from './waiting.ts';

/** Why we ended the attempt ourselves, when we did. */
export type StopReason = 'cancel' | 'interrupt' | 'park' | 'shutdown' | 'time' | 'silent' | 'gone';

export interface AfterAttemptFacts {
  readonly end: AttemptEnd;
  readonly stop: StopReason | null;
  /** Commits that the run has beyond its base, from all attempts. */
  readonly commits: number;
  /** Messages from people that the agent did not get. */
  readonly leftovers: number;
  readonly autoResumes: number;
  readonly maxAutoResumes: number;
  readonly resumeAfterLoss: boolean;
  readonly recoveries: number;
  readonly nowMs: number;
}

export type AfterAttempt =
  | { next: 'review' | 'failed' | 'cancelled'; waiting: { reason: WaitingReason; detail: string } | null }
  | {
      next: 'pending';
      how: 'leftovers' | 'continue' | 'recover';
      /** Counts against the cap of automatic resumes. */
      automatic: boolean;
      notBeforeMs: number | null;
      waiting: { reason: WaitingReason; detail: string; untilMs: number } | null;
    };

/** More than this and the digest of a digest helps nobody. */
export const MAX_RECOVERIES = 2;
/** First pause after a rate limit that names no time; doubles with each automatic resume. */
const RATE_LIMIT_PAUSE_MS = 60_000;

/** The longest window of a provider is a week. */
const LONGEST_WAIT_MS = 8 * 24 * 60 * 60 * 1000;

const REVIEW: AfterAttempt = { next: 'review', waiting: null };
const FAILED: AfterAttempt = { next: 'failed', waiting: null };
/** A fresh session with a digest of what was done. */
const RECOVER: AfterAttempt = { next: 'pending', how: 'recover', automatic: true, notBeforeMs: null, waiting: null };

export function decideAfterAttempt(facts: AfterAttemptFacts): AfterAttempt {
  if (facts.stop === 'cancel') return { next: 'cancelled', waiting: null };
  if (facts.stop === 'shutdown') return goOn(null);
  const after = decideByOutcome(facts);
  // A person wrote meanwhile: wherever the run could be resumed with it, it is. Only money has to be decided by a person first.
  const goesOn = after.next === 'review' && after.waiting?.reason !== 'budget' && facts.end.resumable;
  return goesOn && facts.leftovers > 0 ? leftovers() : after;
}

function decideByOutcome(facts: AfterAttemptFacts): AfterAttempt {
  if (facts.stop === 'park') {
    return { next: 'review', waiting: { reason: 'input', detail: 'Nobody answered the question of the agent in time.' } };
  }
  const { outcome } = facts.end;
  switch (outcome) {
    case 'completed':
    case 'interrupted':
      return REVIEW;
    case 'limit_turns':
    case 'limit_time':
    case 'limit_iterations':
    case 'circuit_open':
    case 'gate_failed':
      return REVIEW;
    case 'limit_budget':
      return { next: 'review', waiting: { reason: 'budget', detail: 'The money cap is reached; raise it and resume.' } };
    case 'rate_limited':
      return afterRateLimit(facts);
    case 'context_overflow':
      return mayRecover(facts) ? RECOVER : usable(facts);
    case 'lost':
      return facts.resumeAfterLoss && mayResume(facts) ? goOn('counted') : REVIEW;
    case 'auth':
    case 'billing':
    case 'sandbox_unavailable':
    case 'workspace_failed':
      return FAILED;
    case 'agent_exit':
      return facts.end.sessionGone === true && mayRecover(facts) ? RECOVER : usable(facts);
    case 'refused':
    case 'agent_silent':
    case 'resource_memory':
    case 'resource_pids':
    case 'resource_disk':
      return usable(facts);
    default:
      return outcome satisfies never;
  }
}

function leftovers(): AfterAttempt {
  return { next: 'pending', how: 'leftovers', automatic: false, notBeforeMs: null, waiting: null };
}

function goOn(counted: 'counted' | null): AfterAttempt {
  return { next: 'pending', how: 'continue', automatic: counted !== null, notBeforeMs: null, waiting: null };
}

function mayResume(facts: AfterAttemptFacts): boolean {
  return facts.autoResumes < facts.maxAutoResumes;
}

function mayRecover(facts: AfterAttemptFacts): boolean {
  return mayResume(facts) && facts.recoveries < MAX_RECOVERIES;
}

/** The session or commits are there: a person may go on with them. */
function usable(facts: AfterAttemptFacts): AfterAttempt {
  return facts.end.resumable || facts.commits > 0 ? REVIEW : FAILED;
}

function afterRateLimit(facts: AfterAttemptFacts): AfterAttempt {
  if (!mayResume(facts)) return REVIEW;
  const named = facts.end.untilMs ?? facts.nowMs + RATE_LIMIT_PAUSE_MS * 2 ** facts.autoResumes;
  // The time comes from outside: neither the past nor the next century is one to wait for.
  const untilMs = Math.max(facts.nowMs, Math.min(named, facts.nowMs + LONGEST_WAIT_MS));
  return {
    next: 'pending',
    how: 'continue',
    automatic: true,
    notBeforeMs: untilMs,
    waiting: { reason: 'limit_reset', detail: 'The provider holds back until its limit resets.', untilMs },
  };
}

/** The outcome that our own stop of an attempt stands for; null: what the agent says counts. */
export function outcomeOfStop(stop: StopReason): Outcome {
  switch (stop) {
    case 'cancel':
    case 'interrupt':
    case 'park':
    case 'shutdown':
      return 'interrupted';
    case 'time':
      return 'limit_time';
    case 'silent':
      return 'agent_silent';
    case 'gone':
      return 'lost';
    default:
      return stop satisfies never;
  }
}

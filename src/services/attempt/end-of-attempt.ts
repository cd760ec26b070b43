/** What the end of an attempt is called, from what its agent said, why we stopped it, and what broke. */
import { type ErrorCode, isGluonError } from '../../contract/errors.ts';
import { outcomeOfStop, type StopReason } from '../../core/run/after-attempt.ts';
import type { AttemptEnd, Outcome } from '../../core/run/outcome.ts';
import type { AgentDone } from '../../ports/agent.ts';
import type { HeldBack } from '../live-attempts.ts';
import { reasonOf } from '../problems.ts';

const STOP_SENTENCES: Record<StopReason, string> = {
  cancel: 'Somebody cancelled the run.',
  interrupt: 'Somebody interrupted the attempt.',
  park: 'Nobody answered the question of the agent in time.',
  shutdown: 'Gluon was stopped; the run goes on at its next start.',
  time: 'The attempt reached its time limit.',
  silent: 'The agent gave no sign of life for too long.',
  gone: 'The attempt was lost.',
};

const OUTCOME_OF_ERROR: Partial<Record<ErrorCode, Outcome>> = {
  sandbox_unavailable: 'sandbox_unavailable',
  credential_missing: 'auth',
  agent_missing: 'agent_exit',
  agent_unknown: 'agent_exit',
  disk_full: 'resource_disk',
};

/** An agent that finished before our stop reached it has finished; only a cancel is stronger. */
export function stopThatCounts(done: AgentDone | null, stop: StopReason | null): StopReason | null {
  return done?.outcome === 'completed' && stop !== 'cancel' && stop !== 'park' ? null : stop;
}

/** `hadSession`: the attempt was to continue one. It stays unless the vendor says that it is gone. */
export function endOfAgent(done: AgentDone, stop: StopReason | null, hadSession: boolean, heldBack: HeldBack | null): AttemptEnd {
  const resumable = done.resumable || (hadSession && done.sessionGone !== true);
  if (stop !== null) return { ...done, resumable, outcome: outcomeOfStop(stop), detail: STOP_SENTENCES[stop] };
  if (done.outcome !== 'rate_limited') return { ...done, resumable };
  // An agent that holds a run token does not hear why and until when the provider refuses; the gateway does.
  if (heldBack?.why === 'billing') return { ...done, resumable, outcome: 'billing', detail: 'The provider asks for payment.' };
  return { ...done, resumable, untilMs: done.untilMs ?? heldBack?.untilMs ?? null };
}

/**
 * The end of an attempt in which something of ours broke. `agentRan`: then the work and the session are there, and Gluon lost the rest;
 * before that, nothing could begin.
 */
export function endOfFailure(error: unknown, stop: StopReason | null, facts: { hadSession: boolean; agentRan: boolean }): AttemptEnd {
  const base = { exitCode: null, exitSignal: null, resumable: facts.hadSession || facts.agentRan, untilMs: null };
  if (stop !== null) return { ...base, outcome: outcomeOfStop(stop), detail: STOP_SENTENCES[stop] };
  const known = isGluonError(error) ? OUTCOME_OF_ERROR[error.code] : undefined;
  if (known !== undefined) return { ...base, outcome: known, detail: reasonOf(error) };
  if (facts.agentRan) return { ...base, outcome: 'lost', detail: `Gluon lost the attempt: ${reasonOf(error)}` };
  return { ...base, outcome: 'workspace_failed', detail: reasonOf(error) };
}

/**
 * One turn of a loop, as a machine: facts of an iteration in, the next state and what to do out. The state is plain data, kept with the run,
 * so a loop goes on after a restart as if nothing had happened. Whoever drives it starts and ends attempts as for any other run.
 */
import type { Outcome } from '../run/outcome.ts';
import { BREAKER_LIMITS, type Breaker, type BreakerLimits, afterIteration as breakerAfter, CLOSED } from './breaker.ts';
import type { Claims } from './claims.ts';
import { type Completion, decideCompletion } from './completion.ts';
import { errorKey } from './error-key.ts';
import { KEPT_OUTPUT } from './iteration-prompt.ts';
import type { StatusBlock } from './status-block.ts';
import type { TodoList } from './todo-list.ts';

export interface LoopState {
  readonly iterations: number;
  readonly breaker: Breaker;
  readonly idleClaims: number;
  readonly testOnly: number;
  readonly activeMs: number;
  readonly completion: { readonly confidence: number; readonly reason: string } | null;
  readonly recommendation: string | null;
  /** The end of what the verify command printed when it refused the last claim. */
  readonly verifyFailure: string | null;
}

export const NEW_LOOP: LoopState = {
  iterations: 0,
  breaker: CLOSED,
  idleClaims: 0,
  testOnly: 0,
  activeMs: 0,
  completion: null,
  recommendation: null,
  verifyFailure: null,
};

/** From git and the transcript, never from what the agent says of itself, save the block and its claims. */
export interface IterationFacts {
  readonly outcome: Outcome;
  readonly block: StatusBlock | null;
  readonly claims: Claims;
  readonly todo: TodoList | null;
  readonly toolCalls: number;
  /** It ran tests and did nothing else. */
  readonly testOnly: boolean;
  /** The tree, committed or not, is another one than when the iteration began; Gluon's own files left out. */
  readonly changed: boolean;
  readonly commits: number;
  readonly changedSinceBase: boolean;
  /** Text of its last error; null when it had none. */
  readonly error: string | null;
  readonly permissionDenied: boolean;
  readonly askedQuestion: boolean;
  readonly durationMs: number;
  readonly hasVerify: boolean;
  readonly nowMs: number;
}

export type LoopStep =
  /** Ask `decideNextIteration`, after the pause. */
  | { readonly kind: 'go_on'; readonly pauseMs: number }
  /** Run the verify command on the committed tree, then ask `afterGate`. */
  | { readonly kind: 'gate' }
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly reason: string };

export const PAUSE_MS = 2_000;

/** Outcomes after which the next iteration may well do better; every other one is for the rule that ends any attempt. */
const GOES_ON: ReadonlySet<Outcome> = new Set(['completed', 'limit_turns', 'agent_exit', 'agent_silent']);

export function afterIteration(
  state: LoopState,
  facts: IterationFacts,
  limits: BreakerLimits = BREAKER_LIMITS,
): { state: LoopState; step: LoopStep } {
  const changed = facts.changed || facts.commits > 0;
  const idleClaims = facts.claims.completion && !changed ? state.idleClaims + 1 : 0;
  const testOnly = facts.testOnly && !changed ? state.testOnly + 1 : 0;
  const completion = decideCompletion({ ...facts, idleClaims, testOnly });
  const failed = facts.outcome === 'completed' ? facts.error : (facts.error ?? facts.outcome);
  const breaker = breakerAfter(
    state.breaker,
    {
      progress: changed,
      errorKey: failed === null ? null : errorKey(failed),
      permissionDenied: facts.permissionDenied,
      neutral: facts.askedQuestion || facts.block?.status === 'complete',
    },
    facts.nowMs,
    limits,
  );
  const next: LoopState = {
    iterations: state.iterations + 1,
    breaker,
    idleClaims,
    testOnly,
    activeMs: state.activeMs + Math.max(0, facts.durationMs),
    completion: { confidence: completion.confidence, reason: completion.reason },
    recommendation: facts.block?.recommendation || null,
    verifyFailure: null,
  };
  return { state: next, step: stepAfter(facts, completion) };
}

function stepAfter(facts: IterationFacts, completion: Completion): LoopStep {
  if (!GOES_ON.has(facts.outcome)) return { kind: 'end', outcome: facts.outcome, reason: 'The attempt ended the loop.' };
  // What a broken attempt said before it broke is no claim.
  if (facts.outcome === 'completed' && completion.kind === 'blocked')
    return { kind: 'end', outcome: 'completed', reason: completion.reason };
  if (facts.outcome === 'completed' && completion.kind === 'complete')
    return facts.hasVerify ? { kind: 'gate' } : { kind: 'end', outcome: 'completed', reason: completion.reason };
  return { kind: 'go_on', pauseMs: PAUSE_MS };
}

/** What the verify command said of a claim. Only its exit code counts. */
export function afterGate(
  state: LoopState,
  gate: { readonly passed: boolean; readonly output: string },
): { state: LoopState; step: LoopStep } {
  const reason = state.completion?.reason ?? '';
  if (gate.passed) return { state, step: { kind: 'end', outcome: 'completed', reason: `${reason} The verify command passed.`.trim() } };
  const output = gate.output.trim() === '' ? 'It printed nothing.' : gate.output;
  return {
    state: {
      ...state,
      verifyFailure: output.slice(-KEPT_OUTPUT),
      completion: { confidence: 0, reason: 'The verify command refused the claim.' },
    },
    step: { kind: 'go_on', pauseMs: PAUSE_MS },
  };
}

const TEST_COMMAND =
  /\b(?:(?:npm|yarn|pnpm|bun)(?: run)? test|npx (?:vitest|jest|mocha)|vitest|jest|mocha|pytest|tox|cargo (?:test|nextest)|go test|mvn\b.*\btest|gradlew?\b.*\btest|make (?:test|check)|ctest|rspec|phpunit|dotnet test)\b/;
/** Tools that only look: they make an iteration neither testing nor work. */
const LOOKS = new Set(['Read', 'Grep', 'Glob', 'LS', 'TodoWrite', 'TodoRead']);

/** Whether tests were run and nothing else was done. */
export function isTestOnly(calls: readonly { readonly name: string; readonly command: string | null }[]): boolean {
  const acts = calls.filter(({ name }) => !LOOKS.has(name));
  return acts.length > 0 && acts.every(({ command }) => command !== null && TEST_COMMAND.test(command));
}

/** The reins of one attempt: who holds them may stop it at any step, and reaches the conversation once it runs. */
import type { EgressPolicy } from '../../contract/resources.ts';
import type { StopReason } from '../../core/run/after-attempt.ts';
import type { Deps } from '../deps.ts';
import type { HeldBack, LiveAttempt } from '../live-attempts.ts';
import { noteProblem } from '../problems.ts';
import type { Claim } from './claim-attempt.ts';

/** Thrown between the steps when somebody stopped the attempt before its agent ran. */
export class Stopped extends Error {}

export interface Conversation {
  stop(): Promise<void>;
  messagesChanged(now: boolean): void;
  answer(requestId: string, answers: Record<string, string[]>): boolean;
  setEgress(policy: EgressPolicy, alsoAllowed: string[]): void;
  egressBytes(): number;
  seen(): void;
}

export interface AttemptControl {
  readonly live: LiveAttempt;
  stopReason(): StopReason | null;
  /** The last refusal of the provider that named a time, else the last one. */
  heldBack(): HeldBack | null;
  /** Throws when the attempt was stopped. */
  check(): void;
  /** How to end what runs before there is a conversation: the project's setup script. Called at once when somebody stopped it already. */
  onStopWhilePreparing(end: () => Promise<void>): void;
  /** Hands the conversation over once it runs. */
  attach(conversation: Conversation): void;
  finished(): void;
}

export function attemptControl(deps: Deps, claim: Claim): AttemptControl {
  let reason: StopReason | null = null;
  let conversation: Conversation | null = null;
  let heldBack: HeldBack | null = null;
  let endPreparation: (() => Promise<void>) | null = null;
  let finished: () => void = () => {};
  const whenFinished = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const stopNow = (): void => {
    const ending = conversation === null ? endPreparation?.() : conversation.stop();
    ending?.catch((error: unknown) => noteProblem(deps, 'stop', error, claim.run.id));
  };
  const live: LiveAttempt = {
    runId: claim.run.id,
    attemptId: claim.attempt.id,
    epoch: claim.attempt.epoch,
    stop(why) {
      if (reason === null) {
        reason = why;
        stopNow();
      }
      return whenFinished;
    },
    messagesChanged: (now) => conversation?.messagesChanged(now),
    answer: (requestId, answers) => conversation?.answer(requestId, answers) ?? false,
    setEgress: (policy, alsoAllowed) => conversation?.setEgress(policy, alsoAllowed),
    egressBytes: () => conversation?.egressBytes() ?? 0,
    seen: () => conversation?.seen(),
    heldBack(refusal) {
      if (refusal.untilMs !== null || heldBack?.untilMs == null) heldBack = refusal;
    },
  };
  return {
    live,
    heldBack: () => heldBack,
    onStopWhilePreparing(end) {
      endPreparation = end;
      if (reason !== null) stopNow();
    },
    stopReason: () => reason,
    check() {
      if (reason !== null) throw new Stopped();
    },
    attach(running) {
      conversation = running;
      if (reason !== null) stopNow();
    },
    finished: () => finished(),
  };
}

/** Handles to the attempts that live in this process. Lost with the process: the store knows what should be, reconcile compares. */
import type { EgressPolicy } from '../contract/resources.ts';
import type { StopReason } from '../core/run/after-attempt.ts';

export interface LiveAttempt {
  readonly runId: string;
  readonly attemptId: string;
  readonly epoch: number;
  /** Ends the attempt; the first reason counts. Resolves when the attempt is finished and recorded. */
  stop(reason: StopReason): Promise<void>;
  /** The queue of messages changed; `now` interrupts the turn. */
  messagesChanged(now: boolean): void;
  /** True when the agent waits for that answer here. */
  answer(requestId: string, answers: Record<string, string[]>): boolean;
  setEgress(policy: EgressPolicy, alsoAllowed: string[]): void;
  egressBytes(): number;
  /** A model call left or came back. */
  seen(): void;
  /** The provider refused a call of this attempt, as the gateway saw it. */
  heldBack(refusal: HeldBack): void;
}

/** Why, and until when (epoch milliseconds). */
export interface HeldBack {
  why: string;
  untilMs: number | null;
}

export interface LiveAttempts {
  get(runId: string): LiveAttempt | undefined;
  all(): LiveAttempt[];
  add(attempt: LiveAttempt): void;
  remove(attempt: LiveAttempt): void;
}

export function liveAttempts(): LiveAttempts {
  const byRun = new Map<string, LiveAttempt>();
  return {
    get: (runId) => byRun.get(runId),
    all: () => [...byRun.values()],
    add(attempt) {
      if (byRun.has(attempt.runId)) throw new Error(`run ${attempt.runId} has a live attempt already`);
      byRun.set(attempt.runId, attempt);
    },
    remove(attempt) {
      if (byRun.get(attempt.runId) === attempt) byRun.delete(attempt.runId);
    },
  };
}

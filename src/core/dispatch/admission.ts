/** Which of the waiting runs may start now: first come, first served, within the limits on concurrent runs. */
import type { WaitingReason } from '../run/waiting.ts';

export interface WaitingRun {
  readonly id: string;
  readonly projectId: string;
  /** Start no earlier than this (epoch milliseconds). */
  readonly notBeforeMs: number | null;
}

export interface AdmissionFacts {
  /** Oldest first. */
  readonly waiting: readonly WaitingRun[];
  /** Runs with a live attempt, per project. */
  readonly live: ReadonlyMap<string, number>;
  readonly maxLive: number;
  readonly maxLiveOf: (projectId: string) => number;
  readonly nowMs: number;
  /** Nothing can start at all, and why. */
  readonly blocked: { reason: WaitingReason; detail: string } | null;
}

export interface Admission {
  readonly start: readonly string[];
  /** Runs that wait for a place, with the reason to show. Runs that wait for a time keep the reason they have. */
  readonly hold: readonly { id: string; reason: WaitingReason; detail: string }[];
  /** When the next run that waits for a time may start. */
  readonly wakeAtMs: number | null;
}

/**
 * A run whose project is full does not block those behind it; a run that waits for a time does not either. Fair: among the runs that
 * could start, the one that was queued first starts first.
 */
export function admit(facts: AdmissionFacts): Admission {
  const live = new Map(facts.live);
  let total = [...live.values()].reduce((sum, count) => sum + count, 0);
  const start: string[] = [];
  const hold: { id: string; reason: WaitingReason; detail: string }[] = [];
  let wakeAtMs: number | null = null;
  for (const run of facts.waiting) {
    if (run.notBeforeMs !== null && run.notBeforeMs > facts.nowMs) {
      wakeAtMs = wakeAtMs === null ? run.notBeforeMs : Math.min(wakeAtMs, run.notBeforeMs);
      continue;
    }
    const inProject = live.get(run.projectId) ?? 0;
    if (facts.blocked !== null) {
      hold.push({ id: run.id, ...facts.blocked });
    } else if (total >= facts.maxLive) {
      hold.push({ id: run.id, reason: 'slot', detail: `All ${facts.maxLive} places are taken.` });
    } else if (inProject >= facts.maxLiveOf(run.projectId)) {
      hold.push({ id: run.id, reason: 'slot', detail: `All ${facts.maxLiveOf(run.projectId)} places of this project are taken.` });
    } else {
      start.push(run.id);
      live.set(run.projectId, inProject + 1);
      total += 1;
    }
  }
  return { start, hold, wakeAtMs };
}

/** What would grow for ever is kept bounded, a bounded piece at a time. */
import { type Deps, iso } from './deps.ts';
import { noteProblem } from './problems.ts';
import { forgetIfOver, runsOver } from './tidy.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** One call removes so many rows of a kind at most: the others that write wait for no longer than a moment. */
const ROWS_AT_ONCE = 1_000;
/** A run has folders and references beside its row. */
const RUNS_AT_ONCE = 5;

/**
 * Each call does one piece: old answers to keys, old events about no run, and the runs whose time is over, with everything about them.
 * Sums of usage stay. Never throws.
 */
export function retention(deps: Deps): () => Promise<void> {
  /** Runs that could not be taken off the books yet, and when (monotonic milliseconds) to try again. */
  const stuck = new Map<string, number>();

  async function forgetOldRuns(): Promise<void> {
    const nowMs = deps.clock.monotonicMs();
    for (const [id, againMs] of stuck) if (againMs <= nowMs) stuck.delete(id);
    const over = (await runsOver(deps, RUNS_AT_ONCE + stuck.size)).filter(({ run }) => !stuck.has(run.id));
    for (const { run, reason } of over.slice(0, RUNS_AT_ONCE)) {
      try {
        // What was rescued of it is kept for days yet: the others must not wait behind it.
        if (!(await forgetIfOver(deps, run.id, reason, 'gluon'))) stuck.set(run.id, nowMs + HOUR_MS);
      } catch (error) {
        // It stays on the books; the others go on, and tomorrow it is tried again.
        stuck.set(run.id, nowMs + DAY_MS);
        await noteProblem(deps, 'retention', error, run.id);
      }
    }
  }

  return async () => {
    try {
      if (deps.settings.get('retention.automatic')) await forgetOldRuns();
      await deps.store.transaction((tx) => tx.pruneIdempotent(ROWS_AT_ONCE));
      const days = Math.max(deps.settings.get('retention.completed_days'), deps.settings.get('retention.failed_days'));
      const before = iso(deps.clock.nowMs() - days * DAY_MS);
      await deps.store.transaction((tx) => tx.pruneEvents(before, ROWS_AT_ONCE));
    } catch (error) {
      // The next call tries again.
      await noteProblem(deps, 'retention', error);
    }
  };
}

/** Keeps a run from being started while something of it is taken away. */
import { GluonError } from '../contract/errors.ts';
import type { RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';

/**
 * Gives the run as it is now, when it neither runs nor waits to, and starts nothing of it until the work is done. Throws `run_live`
 * otherwise. The look is a transaction: a claim is either seen by it or sees that the run is held.
 */
export async function holdStill<T>(deps: Deps, runId: string, work: (run: RunRow) => Promise<T>): Promise<T | null> {
  if (deps.held.has(runId)) throw new GluonError('run_live', { run: runId.slice(0, 8) });
  deps.held.add(runId);
  try {
    const run = await deps.store.transaction((tx) => tx.run(runId));
    if (run === null) return null;
    if (run.status === 'running' || run.status === 'pending') throw new GluonError('run_live', { run: runId.slice(0, 8) });
    return await work(run);
  } finally {
    deps.held.delete(runId);
    deps.wake();
  }
}

/** The page's one store of runs, and how views read it. */
import { useCallback, useSyncExternalStore } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import type { LiveListener } from '../live/connection.ts';
import { RunStore } from './runs.ts';

export const runStore = new RunStore();

export function useRun(id: string): Run | undefined {
  return useSyncExternalStore(
    useCallback((listener) => runStore.watch(id, listener), [id]),
    () => runStore.get(id),
  );
}

/** All known runs; draws anew only when a run appears, goes, or changes place. */
export function useAllRuns(): readonly Run[] {
  return useSyncExternalStore(
    (listener) => runStore.watchOrder(listener),
    () => runStore.all(),
  );
}

const PAGE = 200;
/** The board shows so many runs at most; the list pages through the rest. */
const MOST_RUNS = 2_000;

/** Reads every run that is not archived, newest first. Throws `ApiFailure`. */
export async function readBoard(): Promise<void> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await call('runs.list', { archived: false, limit: PAGE, cursor });
    runStore.put(page.items);
    for (const run of page.items) seen.add(run.id);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && seen.size < MOST_RUNS);
  runStore.retain(seen);
}

/** Reads one run into the store. Throws `ApiFailure`. */
export async function readRun(id: string): Promise<Run> {
  const run = await call('runs.get', { run: id });
  runStore.put([run]);
  return run;
}

/** What messages of the topics `board` and `run:<id>` change in the store. */
export function runListener(resync: () => void, failed: (error: unknown) => void): LiveListener {
  return {
    resync,
    message(type, data) {
      if (type === 'run_created') runStore.put([data as Run]);
      else if (type === 'run_removed') runStore.remove((data as { id: string }).id);
      else if (type === 'run_updated' || type === 'token_update') {
        const patch = data as Partial<Run> & { id: string };
        if (!runStore.patch(patch)) readRun(patch.id).catch(failed);
      }
    },
  };
}

/** The runs of this page: cards for lists, whole runs for the view of one; both patched by the same live messages. */
import { useCallback, useSyncExternalStore } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import type { LiveListener } from '../live/connection.ts';
import { RunStore } from './runs.ts';

export const cards = new RunStore<RunCard>();
export const wholeRuns = new RunStore<Run>();

export function useCard(id: string): RunCard | undefined {
  return useSyncExternalStore(
    useCallback((listener) => cards.watch(id, listener), [id]),
    () => cards.get(id),
  );
}

/** Undefined until `readRun` brought it. */
export function useWholeRun(id: string): Run | undefined {
  return useSyncExternalStore(
    useCallback((listener) => wholeRuns.watch(id, listener), [id]),
    () => wholeRuns.get(id),
  );
}

/** All cards; draws anew only when one appears, goes, or changes place. */
export function useCards(): readonly RunCard[] {
  return useSyncExternalStore(
    (listener) => cards.watchOrder(listener),
    () => cards.all(),
  );
}

const PAGE = 500;
/** The board shows so many cards at most; the list pages through the rest. */
const MOST_CARDS = 2_000;

/** Reads the cards of all runs that are not archived, newest first. Throws `ApiFailure`. */
export async function readBoard(): Promise<void> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await call('runs.cards', { archived: false, limit: PAGE, cursor });
    cards.put(page.items);
    for (const card of page.items) seen.add(card.id);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && seen.size < MOST_CARDS);
  cards.retain(seen);
}

/** Reads one run, whole. Throws `ApiFailure`. */
export async function readRun(id: string): Promise<Run> {
  const run = await call('runs.get', { run: id });
  wholeRuns.put([run]);
  if (cards.get(id) !== undefined) cards.put([run]);
  return run;
}

/** A view that closes lets go of its run: the page does not grow with every run that was looked at. */
export function forgetRun(id: string): void {
  wholeRuns.remove(id);
}

/**
 * What messages of the topics `board` and `run:<id>` change. `resync` reads what the listener's view shows; `failed` tells the person
 * when a run that nobody has read yet could not be read.
 */
export function runListener(resync: () => void, failed: (error: unknown) => void): LiveListener {
  return {
    resync,
    message(type, data) {
      if (type === 'run_created') cards.put([data as Run]);
      else if (type === 'run_removed') {
        cards.remove((data as { id: string }).id);
        wholeRuns.remove((data as { id: string }).id);
      } else if (type === 'run_updated' || type === 'token_update' || type === 'run_activity') {
        const patch = data as Partial<Run> & { id: string };
        wholeRuns.patch(patch);
        if (!cards.patch(patch)) readCard(patch.id).catch(failed);
      }
    },
  };
}

/** A run came onto the board by a change: unarchived, or older than what was read. */
async function readCard(id: string): Promise<void> {
  const run = await call('runs.get', { run: id });
  if (!run.archived) cards.put([run]);
}

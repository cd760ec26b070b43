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
  const reading = cards.startReading();
  boardReadings += 1;
  try {
    let cursor: string | undefined;
    let count = 0;
    do {
      const page = await call('runs.cards', { archived: false, limit: PAGE, cursor });
      reading.put(page.items);
      count += page.items.length;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && count < MOST_CARDS);
    reading.end();
  } catch (error) {
    reading.giveUp();
    throw error;
  } finally {
    boardReadings -= 1;
  }
}

let boardReadings = 0;
/** Whole runs under way, and those of which a change came meanwhile: their answer may be older. */
const underWay = new Map<string, Promise<Run>>();
const outdated = new Set<string>();
/** Runs that a view shows, by how many do. */
const shown = new Map<string, number>();

/** Reads one run, whole. Throws `ApiFailure`. */
export function readRun(id: string): Promise<Run> {
  const read = underWay.get(id) ?? readWhole(id);
  underWay.set(id, read);
  return read;
}

async function readWhole(id: string): Promise<Run> {
  try {
    let run: Run;
    do {
      outdated.delete(id);
      run = await call('runs.get', { run: id });
    } while (outdated.has(id));
    if (shown.has(id)) wholeRuns.put([run]);
    if (cards.get(id) !== undefined) cards.put([run]);
    return run;
  } finally {
    underWay.delete(id);
    outdated.delete(id);
  }
}

/** Changes a run that a view shows. What comes while it is read for the first time makes it be read once more. */
export function patchWhole(patch: Partial<Run> & { readonly id: string }): void {
  if (!wholeRuns.patch(patch) && underWay.has(patch.id)) outdated.add(patch.id);
}

/** Keeps a run while a view shows it; what is returned lets go of it: the page does not grow with every run that was looked at. */
export function showRun(id: string): () => void {
  shown.set(id, (shown.get(id) ?? 0) + 1);
  return () => {
    const left = (shown.get(id) ?? 1) - 1;
    if (left > 0) shown.set(id, left);
    else {
      shown.delete(id);
      wholeRuns.remove(id);
    }
  };
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
        patchWhole(patch);
        if (!cards.patch(patch)) cameToBoard(patch).catch(failed);
      }
    },
  };
}

/** Runs known to be archived: they work on without being on the board. */
const archived = new Set<string>();
const MOST_ARCHIVED = 1_000;
const cardsUnderWay = new Set<string>();

/** A run may have come onto the board by a change: unarchived, or older than what was read. One reading of each at a time. */
async function cameToBoard(patch: Partial<Run> & { readonly id: string }): Promise<void> {
  const { id } = patch;
  if (patch.archived === false) archived.delete(id);
  // The board that is being read brings it, or is read again.
  if (archived.has(id) || cardsUnderWay.has(id) || boardReadings > 0) return;
  cardsUnderWay.add(id);
  try {
    const run = await call('runs.get', { run: id });
    if (!run.archived) cards.put([run]);
    else {
      const [oldest] = archived;
      if (archived.size >= MOST_ARCHIVED && oldest !== undefined) archived.delete(oldest);
      archived.add(id);
    }
  } finally {
    cardsUnderWay.delete(id);
  }
}

/** What the whole page follows: cards of the board, today's cost, how many runs there are. Once, in the shell. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { session } from '../api/session.ts';
import { live, useTopic } from '../live/live.ts';
import { cards, readBoard, runListener } from '../store/use-runs.ts';
import { signal } from '../ui/signal.ts';
import { toastFailure } from '../ui/toast.tsx';

export interface BoardState {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
}

export const board = signal<BoardState>({ state: 'loading', error: null });
/** What model calls have cost on this UTC day; null: not known. */
export const todayUsd = signal<number | null>(null);

/** Nothing has come over the connection for so long after the page opened: the board is read without it. */
const FIRST_READ_MS = 700;
const COUNTS_MS = 1_000;

let reading: Promise<void> | null = null;
let again = false;

/** Reads the board anew; who asks while it is being read gets the reading after that. Never throws: a failure is shown. */
export function refreshBoard(): Promise<void> {
  if (reading !== null) {
    again = true;
    return reading;
  }
  reading = readAll().finally(() => {
    reading = null;
  });
  return reading;
}

async function readAll(): Promise<void> {
  void readToday();
  try {
    do {
      again = false;
      await readBoard();
    } while (again);
    board.set({ state: 'ready', error: null });
  } catch (error) {
    // Cards that are there stay readable; the connection says that it is gone, and the board is read again when it is back.
    board.set({ state: 'failed', error });
    if (cards.all().length > 0 && !(error instanceof ApiFailure && error.offline))
      toastFailure('The board could not be read', error, () => void refreshBoard());
  }
}

let day = '';

async function readToday(): Promise<void> {
  try {
    const { today } = await call('usage.summary', {});
    day = utcDay();
    todayUsd.set(today.cost_usd);
  } catch {
    // The figure is left out until it can be read: the board itself tells when the server cannot be reached.
    todayUsd.set(null);
  }
}

/** Adds what a run has cost since its card was last told, without asking the server. */
function noteCost(patch: { readonly id: string; readonly cost_usd?: number | null }): void {
  const known = todayUsd.get();
  if (known === null || typeof patch.cost_usd !== 'number') return;
  if (utcDay() !== day) {
    void readToday();
    return;
  }
  const before = cards.get(patch.id)?.cost_usd;
  if (typeof before === 'number' && patch.cost_usd > before) todayUsd.set(known + patch.cost_usd - before);
}

function utcDay(): string {
  return new Date().toISOString().slice(0, 10);
}

export function useBoardTopic(): void {
  const queries = useQueryClient();
  const listener = useMemo(() => {
    const inner = runListener(
      () => {
        // The first answer comes while the lists are being read anyway.
        if (board.get().state !== 'loading') rereadLists(queries);
        void refreshBoard();
      },
      (error) => toastFailure('A run could not be read', error, () => void refreshBoard()),
    );
    return {
      resync: inner.resync,
      message(type: Parameters<typeof inner.message>[0], data: unknown) {
        if (type === 'token_update' || type === 'run_updated') noteCost(data as { id: string });
        else if (type === 'activity') noteActivity(queries, data as { type: string });
        else if (type === 'run_read') noteRead(data as { id: string; user: string });
        inner.message(type, data);
      },
    };
  }, [queries]);
  useTopic('board', listener);

  useEffect(() => {
    const timer = setTimeout(() => {
      if (board.get().state === 'loading' && reading === null) void refreshBoard();
    }, FIRST_READ_MS);
    return () => clearTimeout(timer);
  }, []);

  // A topic that catches up is not read again; what could not be read is.
  useEffect(
    () =>
      live.watchStatus(() => {
        if (live.status().state !== 'live') return;
        if (board.get().state === 'failed') void refreshBoard();
        void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
      }),
    [queries],
  );

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = cards.watchOrder(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: ['runs.counts'] });
      }, COUNTS_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries]);
}

/** The same person has looked at a run, here or on another page. */
function noteRead({ id, user }: { readonly id: string; readonly user: string }): void {
  const who = session();
  if (who.state === 'in' && who.user.name === user && cards.get(id) !== undefined) cards.patch({ id, unread: false });
}

/** Projects and workspaces come and go seldom: their lists are read again when that happens. */
function noteActivity(queries: QueryClient, { type }: { readonly type: string }): void {
  if (type.startsWith('project.') || type.startsWith('workspace.')) rereadLists(queries);
}

function rereadLists(queries: QueryClient): void {
  for (const name of ['projects.list', 'workspaces.list', 'runs.counts']) void queries.invalidateQueries({ queryKey: [name] });
}

/** The one run of a view: read when the view opens, patched by its topic, noticed when somebody removes it. */
import { useCallback, useEffect, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { useTopic } from '../live/live.ts';
import { patchWhole, readRun, showRun, useWholeRun, wholeRuns } from '../store/use-runs.ts';
import { toastFailure } from '../ui/toast.tsx';

export type RunState =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly run: Run; readonly refresh: () => void }
  /** It was there and is not any more, or never was. */
  | { readonly state: 'gone'; readonly was: boolean }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void };

/** `id` is whole. While the view is there the run is kept; afterwards the page lets go of it. */
export function useRun(id: string): RunState {
  const run = useWholeRun(id);
  const [error, setError] = useState<unknown>(null);
  const [gone, setGone] = useState<{ was: boolean } | null>(null);

  const read = useCallback(() => {
    readRun(id).then(
      () => setError(null),
      (failure: unknown) => {
        if (failure instanceof ApiFailure && failure.status === 404) setGone({ was: wholeRuns.get(id) !== undefined });
        else if (wholeRuns.get(id) === undefined) setError(failure);
        // The connection says itself that it is gone, and everything is read again when it is back.
        else if (!(failure instanceof ApiFailure) || !failure.offline) toastFailure('The run could not be read again', failure);
      },
    );
  }, [id]);

  useEffect(() => {
    const hide = showRun(id);
    read();
    return hide;
  }, [id, read]);

  useTopic(`run:${id}`, {
    resync: read,
    message(type, data) {
      if (type === 'run_updated' || type === 'token_update' || type === 'run_activity') patchWhole(data as Partial<Run> & { id: string });
      else if (type === 'run_removed') setGone({ was: true });
    },
  });
  useTopic('board', {
    resync: () => {},
    message(type, data) {
      if (type === 'run_removed' && (data as { id: string }).id === id) setGone({ was: true });
      // What the card shows of an activity is told on the board alone.
      if (type === 'run_activity' && (data as { id: string }).id === id) patchWhole(data as Partial<Run> & { id: string });
    },
  });
  useMarkRead(run);

  if (gone !== null) return { state: 'gone', was: gone.was };
  if (run !== undefined) return { state: 'there', run, refresh: read };
  if (error !== null) return { state: 'failed', error, retry: read };
  return { state: 'loading' };
}

/** What is on the screen of somebody who looks at the page has been seen. */
function useMarkRead(run: Run | undefined): void {
  const id = run?.id;
  const unread = run?.unread === true;
  useEffect(() => {
    if (id === undefined || !unread) return;
    const mark = (): void => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', mark);
      call('runs.mark_read', { run: id }).then(
        () => wholeRuns.patch({ id, unread: false }),
        (error: unknown) => {
          if (!(error instanceof ApiFailure) || (!error.offline && error.status !== 404))
            toastFailure('The run stays marked as new', error);
        },
      );
    };
    document.addEventListener('visibilitychange', mark);
    mark();
    return () => document.removeEventListener('visibilitychange', mark);
  }, [id, unread]);
}

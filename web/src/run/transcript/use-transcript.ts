/** The window of one run and one filter, kept up to date by the run's topic while a list shows it. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { call } from '../../api/call.ts';
import { useLiveStatus, useTopic } from '../../live/live.ts';
import type { Filter } from './filters.ts';
import { Transcript, type TranscriptState } from './transcript.ts';

/** Mount it anew for another run or filter: a window is never that of two. `seq` is where it begins; later ones are gone to. */
export function useTranscript(run: string, filter: Filter, seq: number | undefined): { transcript: Transcript; state: TranscriptState } {
  const [transcript] = useState(
    () =>
      new Transcript({
        read: (input) => call('runs.messages', { run, ...input, ...(filter === 'all' ? {} : { kinds: [filter] }) }),
        soon: (then) => requestAnimationFrame(then),
        filtered: filter !== 'all',
      }),
  );
  const [first] = useState(seq);
  useEffect(() => {
    void transcript.open(first);
    return () => transcript.close();
  }, [transcript, first]);

  useTopic(`run:${run}`, {
    resync: () => transcript.resync(),
    message(type, data) {
      if (type === 'message') transcript.message(data as TranscriptRecord);
      else if (type === 'message_delta') {
        const { block, text } = data as { block: string; text: string };
        transcript.delta(block, text);
      } else if (type === 'run_updated' && isOver(data)) transcript.dropLive();
    },
  });
  const { state: connection } = useLiveStatus();
  useEffect(() => {
    // Partial text is not repeated: what was shown of it would have a hole.
    if (connection === 'offline') transcript.dropLive();
  }, [connection, transcript]);

  const state = useSyncExternalStore(
    (listener) => transcript.watch(listener),
    () => transcript.state(),
  );
  return { transcript, state };
}

function isOver(patch: unknown): boolean {
  const { status } = patch as { status?: string };
  return status !== undefined && status !== 'running' && status !== 'pending';
}

/** Reads a transcript in windows, so that its length does not matter. */
import type { TranscriptRecord } from '../../contract/resources.ts';
import type { Client } from '../client.ts';

type Filter = ((record: TranscriptRecord) => boolean) | undefined;
const WINDOW = 1_000;

export async function* allRecords(client: Client, run: string, shows: Filter): AsyncGenerator<TranscriptRecord> {
  for (let after = 0; ; ) {
    const window = await client.call('runs.messages', { run, after, limit: WINDOW });
    for (const record of window.items) if (shows === undefined || shows(record)) yield record;
    const last = window.items.at(-1)?.seq ?? after;
    if (last <= after || last >= window.last_seq) return;
    after = last;
  }
}

/** The last `count` records that pass the filter, oldest first. */
export async function* lastRecords(client: Client, run: string, count: number, shows: Filter): AsyncGenerator<TranscriptRecord> {
  let kept: TranscriptRecord[] = [];
  for (let before: number | undefined; kept.length < count; ) {
    const window = await client.call('runs.messages', {
      run,
      before,
      limit: shows === undefined ? Math.min(Math.max(count, 1), WINDOW) : WINDOW,
    });
    const first = window.items[0]?.seq;
    kept = [...window.items.filter((record) => shows === undefined || shows(record)), ...kept];
    if (first === undefined || first <= 1) break;
    before = first;
  }
  yield* count === 0 ? [] : kept.slice(-count);
}

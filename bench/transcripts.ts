/** Memory while 20 transcripts grow to 100,000 records each, and how long windows of such a transcript take to read. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { transcriptFiles } from '../src/adapters/transcript/files/transcripts.ts';
import type { NewRecord, TranscriptQuery, Transcripts } from '../src/ports/transcript.ts';
import { type BenchSettings, figure, type Row, spread, timedEach } from './row.ts';

const RUNS = Array.from({ length: 20 }, (_, index) => `bench${index}`);
const RECORDS = 100_000;
/** As many as a busy agent gives between two turns of the loop. */
const AT_ONCE = 10;
const TEXT = 'The state machine of the parser is read again, and its third case is compared with the table. '.repeat(4);

export async function transcripts({ quick }: BenchSettings): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  const files = transcriptFiles({ logFolder: (runId) => join(folder, runId), clock: systemClock() });
  const records = quick ? 3_000 : RECORDS;
  try {
    const samples: { done: number; rss: number }[] = [];
    const startMs = performance.now();
    for (let done = 0; done < records; done += AT_ONCE) {
      await Promise.all(RUNS.map((runId) => files.append(runId, batch(done))));
      if (done % (records / 100) < AT_ONCE) samples.push({ done: (done + AT_ONCE) * RUNS.length, rss: process.memoryUsage().rss / 1e6 });
    }
    const seconds = (performance.now() - startMs) / 1_000;
    const all = records * RUNS.length;
    const note = `${RUNS.length} transcripts of ${records} records, ${AT_ONCE} at once`;
    return [
      figure('memory, highest', Math.max(...samples.map(({ rss }) => rss)), 'MB', samples.length, null, note),
      figure(
        'memory, growth per million records',
        slope(samples.slice(samples.length / 2)) * 1e6,
        'MB',
        samples.length / 2,
        { most: 20 },
        'slope over the second half',
      ),
      figure('records written', all / seconds, '/s', all),
      ...(await windows(files, records, quick ? 10 : 100)),
    ];
  } finally {
    await files.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function batch(from: number): NewRecord[] {
  return Array.from({ length: AT_ONCE }, (_, index) =>
    (from + index) % 3 === 0
      ? {
          type: 'tool_use',
          attempt: 1,
          id: `tool${from + index}`,
          name: 'Bash',
          input: { command: `echo ${from + index}` },
          summary: 'echo',
        }
      : { type: 'text', attempt: 1, text: `${from + index} ${TEXT}`, parent: null },
  );
}

/** Least squares, MB per record. */
function slope(samples: readonly { done: number; rss: number }[]): number {
  const mean = (pick: (one: { done: number; rss: number }) => number) => samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  const [x, y] = [mean(({ done }) => done), mean(({ rss }) => rss)];
  const above = samples.reduce((sum, one) => sum + (one.done - x) * (one.rss - y), 0);
  return above / samples.reduce((sum, one) => sum + (one.done - x) ** 2, 0);
}

async function windows(files: Transcripts, records: number, times: number): Promise<Row[]> {
  const queries: Record<string, TranscriptQuery> = {
    'window of the last 200 records': { limit: 200 },
    'window of 200 in the middle': { after: Math.floor(records / 2), limit: 200 },
    'the last 200 of one type': { types: ['tool_use'], limit: 200 },
  };
  const rows: Row[] = [];
  for (const [name, query] of Object.entries(queries)) {
    const taken = await timedEach(times, (index) => files.read(RUNS[index % RUNS.length] ?? '', query), 3);
    rows.push(...spread(name, 'ms', taken, {}));
  }
  // A word that is found nowhere: the whole transcript is read.
  const whole = await timedEach(Math.ceil(times / 20), () => files.read(RUNS[0] ?? '', { search: 'nowhere to be found', limit: 200 }));
  return [...rows, ...spread('search through a whole transcript', 'ms', whole, {})];
}

import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../system/clock.ts';
import { transcriptFiles } from './transcripts.ts';

const MIB = 1024 * 1024;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are really held, in the heap and in buffers beside it. */
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Files below the folder that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd')
    .flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/self/fd/${descriptor}`)];
      } catch {
        // The descriptor of the listing itself.
        return [];
      }
    })
    .filter((path) => path.startsWith(folder));
}

it('memory does not grow with what is written and read, and closing leaves no file open', { timeout: 60_000 }, async () => {
  const transcripts = transcriptFiles({ logFolder: (run) => join(folder, run), clock: systemClock() });
  const runs = Array.from({ length: 20 }, (_, n) => `run-${n}`);
  const batch = Array.from({ length: 250 }, (_, n) => ({
    type: 'text' as const,
    attempt: 1,
    text: `${n} ${'words of an agent '.repeat(20)}`,
  }));
  const write = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) await Promise.all(runs.map((run) => transcripts.append(run, batch)));
  };
  await write(2);
  const before = held();
  await write(18);
  const written = held();
  for (const run of runs) {
    let read = 0;
    for (let after: number | null = 0; after !== null; ) {
      const window = await transcripts.read(run, { after, limit: 500 });
      read += window.items.length;
      after = window.next_after;
    }
    expect(read).toBe(5_000);
    expect((await transcripts.read(run, { search: 'not in any of them', limit: 5 })).items).toEqual([]);
  }
  // 100,000 records hold about 40 MiB of text; none of it may stay.
  expect(written - before).toBeLessThan(8 * MIB);
  expect(held() - before).toBeLessThan(8 * MIB);
  expect(openFiles()).toHaveLength(2 * runs.length);
  await transcripts.close();
  expect(openFiles()).toEqual([]);
});

it('holds few files open, however many transcripts are at work', async () => {
  const transcripts = transcriptFiles({ logFolder: (run) => join(folder, run), clock: systemClock() });
  const record = { type: 'text' as const, attempt: 1, text: 'x' };
  for (let turn = 0; turn < 2; turn += 1)
    await Promise.all(Array.from({ length: 200 }, (_, n) => transcripts.append(`run-${n}`, [record])));
  await transcripts.append('run-0', [record]);
  expect(openFiles().length).toBeLessThanOrEqual(2 * 64);
  await transcripts.close();
  expect(openFiles()).toEqual([]);
});

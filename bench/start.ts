/** From starting the process of `gluon up` until it prints its address, in an empty home and in one with a long history. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGluon } from '../test/support/gluon.ts';
import { fillHistory, openStore } from './history.ts';
import { type BenchSettings, type Row, spread } from './row.ts';

const ROUNDS = 30;
const RUNS = 10_000;
const PROMISED_MS = 500;

export async function start({ quick }: BenchSettings): Promise<Row[]> {
  const rounds = quick ? 5 : ROUNDS;
  const long = await mkdtemp(join(tmpdir(), 'gluon-bench-'));
  try {
    const store = await openStore(long);
    await fillHistory(store, 0, quick ? 1_000 : RUNS);
    await store.close();
    const [empty, full]: [number[], number[]] = [[], []];
    // The first start fills the compile cache.
    for (let round = -1; round < rounds; round += 1) {
      const one = await startedMs();
      const other = await startedMs(long);
      if (round < 0) continue;
      empty.push(one);
      full.push(other);
    }
    return [
      ...spread('start until the address is printed, empty home', 'ms', empty, { median: PROMISED_MS }),
      ...spread(`the same, home with ${quick ? '1,000' : '10,000'} runs`, 'ms', full, { median: PROMISED_MS }),
    ];
  } finally {
    await rm(long, { recursive: true, force: true });
  }
}

async function startedMs(home?: string): Promise<number> {
  const fromMs = performance.now();
  const gluon = await startGluon(home === undefined ? {} : { home });
  const taken = performance.now() - fromMs;
  await gluon.stop();
  return taken;
}

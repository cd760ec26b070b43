/** Faults 27 and 33: one agent forks without end, another floods its output. The API answers, the other run is not held up, memory stays. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { type Stage, stage, untilWhole } from './drive.ts';
import { ended } from './tour.ts';

const P99_MS = 500;
const MEMORY_GROWTH_KB = 200_000;
let state: Stage;
let gluon: Gluon;
beforeEach(async () => {
  state = await stage();
  gluon = await startGluon({ home: state.home, config: 'caps.pids: 200\n' });
  await gluon.call('projects.add', { name: 'shop', path: state.repository });
});
afterEach(async () => {
  await gluon.stop();
  await gluon.model.close();
  await state.close();
});

async function submit(prompt: string): Promise<string> {
  const run = await gluon.call('runs.create', { project: 'shop', prompt, agent: 'fake' });
  state.ledger.accepted.push(run.id);
  return run.id;
}

/** Answers of the API while something goes on, slowest last. */
async function latenciesUntil(over: () => boolean): Promise<number[]> {
  const taken: number[] = [];
  while (!over() || taken.length < 150) {
    const began = performance.now();
    await gluon.call('runs.list', {});
    taken.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return taken.sort((a, b) => a - b);
}

const p99 = (taken: number[]): number => taken[Math.ceil(taken.length * 0.99) - 1] ?? Number.NaN;
const memoryKb = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gluon.server.pid}/status`, 'utf8'))?.[1]);

test.each([
  ['fault 27: a fork bomb', 'run timeout 5 bash -c "bomb() { bomb | bomb & }; bomb; sleep 5" > /dev/null 2>&1'],
  ['fault 33: 300 MB of output', 'run yes "a line of a flood" | head -c 300000000'],
])('%s', { timeout: 60_000 }, async (_name, payload) => {
  const before = memoryKb();
  const wild = await submit(payload);
  const calm = await submit('write a.txt calm\ncommit Calm\nsay done');
  let over = false;
  const watched = latenciesUntil(() => over);
  const quietRun = await gluon.until(calm, ended, 'the calm one has ended', 30_000);
  expect([quietRun.outcome, quietRun.commit_count]).toEqual(['completed', 1]);
  const wildRun = await gluon.until(wild, ended, 'the wild one has ended', 40_000);
  over = true;
  expect(p99(await watched)).toBeLessThan(P99_MS);
  expect(memoryKb() - before).toBeLessThan(MEMORY_GROWTH_KB);
  expect(wildRun.outcome).toEqual(expect.any(String));
  expect((await untilWhole(gluon, state)).broken).toEqual([]);
});

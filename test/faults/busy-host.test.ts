/** Faults 27 and 33: one agent forks without end, another floods its output. The API answers, the other run is not held up, memory stays. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { expect, test } from 'vitest';
import type { Gluon } from '../support/gluon.ts';
import { type Stage, stageForEachTest, submit as submitTo, untilWhole } from './drive.ts';
import { ended } from './tour.ts';

const P99_MS = 500;
const MEMORY_GROWTH_KB = 200_000;
let state: Stage;
let gluon: Gluon;
stageForEachTest('caps.pids: 200\n', (given) => {
  ({ state, gluon } = given);
});

const submit = (prompt: string): Promise<string> => submitTo(gluon, state, prompt);

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
  const [loadBefore = 0] = loadavg();
  const wild = await submit(payload);
  const calm = await submit('write a.txt calm\ncommit Calm\nsay done');
  let over = false;
  const watched = latenciesUntil(() => over);
  const quietRun = await gluon.until(calm, ended, 'the calm one has ended', 30_000);
  expect([quietRun.outcome, quietRun.commit_count]).toEqual(['completed', 1]);
  const wildRun = await gluon.until(wild, ended, 'the wild one has ended', 40_000);
  over = true;
  const taken = await watched;
  // A machine that others had kept busy before says nothing about what this agent did to the answers.
  if (loadBefore < availableParallelism()) expect(p99(taken)).toBeLessThan(P99_MS);
  expect(memoryKb() - before).toBeLessThan(MEMORY_GROWTH_KB);
  expect(wildRun.outcome).toEqual(expect.any(String));
  expect((await untilWhole(gluon, state)).broken).toEqual([]);
});

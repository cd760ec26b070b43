/** Fault 29: one agent starts far more busy processes than there are processors. Another one still gets its share of them. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { startGluon } from '../support/gluon.ts';
import { stage, submit, untilWhole } from './drive.ts';
import { observe } from './observe.ts';

const CORES = availableParallelism();
/** Of the wild agent, for each one of the calm agent. Alike for the kernel they would all get the same. */
const TIMES_AS_MANY = 6;
/** Half of that: what else runs on the machine blurs it. */
const LEAST_RATIO = 3;
/** Ticks (10 ms each) of processor time that a calm process must have had for the comparison to say something. */
const ENOUGH_TICKS = 60;

const spin = (name: string, count: number): string => `run for n in $(seq ${count}); do sh -c "while :; do :; done" ${name} & done; wait`;

/** User time of a process in ticks; null when it is gone. */
function ticksOf(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[11]);
  } catch {
    // It ended between two looks.
    return null;
  }
}

test('fault 29: a calm agent keeps its share beside a wild one', { timeout: 180_000 }, async (context) => {
  const state = await stage();
  const gluon = await startGluon({ home: state.home });
  try {
    const { caps_by: by } = await gluon.call('system.sandbox', {});
    if (!by.startsWith('cgroup')) return context.skip('needs control groups');
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    const create = (prompt: string): Promise<string> => submit(gluon, state, prompt);
    const wild = await create(spin('wild', CORES * TIMES_AS_MANY));
    const calm = await create(spin('calm', CORES));
    const spinners = async (run: string, name: string): Promise<number[]> => {
      const { processes } = await observe(state.home, state.repository, gluon.server.pid ?? null);
      return processes
        .filter((process) => process.runId === run && process.command === `sh -c while :; do :; done ${name}`)
        .map(({ pid }) => pid);
    };
    const until = async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
      const end = performance.now() + 30_000;
      while (!(await condition())) {
        if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    let [wildPids, calmPids]: number[][] = [[], []];
    await until(async () => {
      [wildPids, calmPids] = [await spinners(wild, 'wild'), await spinners(calm, 'calm')];
      return wildPids.length === CORES * TIMES_AS_MANY && calmPids.length === CORES;
    }, 'all spin');
    const ticks = (pids: number[] = []) => pids.reduce((sum, pid) => sum + (ticksOf(pid) ?? 0), 0) / pids.length;
    const before = { wild: ticks(wildPids), calm: ticks(calmPids) };
    await until(() => ticks(calmPids) - before.calm > ENOUGH_TICKS, 'the calm one has worked');
    const [got, took] = [ticks(calmPids) - before.calm, ticks(wildPids) - before.wild];
    expect(got / Math.max(took, 1)).toBeGreaterThan(LEAST_RATIO);
    for (const run of [wild, calm]) await gluon.call('runs.cancel', { run });
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  } finally {
    await gluon.stop();
    await gluon.model.close();
    await state.close();
  }
});

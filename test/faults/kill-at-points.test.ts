/**
 * Faults 1 and 4: kill -9 of the server at every fault point. The next start repairs alone within 10 s, what was interrupted can be asked
 * for again, and life goes on.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import {
  isOnTheWayOfAStart,
  noteWork,
  oneMoreRun,
  quiet,
  REPAIR_MS,
  restarted,
  stage,
  startGluon,
  untilWhole,
  walkUntilDead,
} from './drive.ts';
import { allFaultPoints } from './points.ts';

const POINTS = [...new Set(allFaultPoints().map((point) => point.name))];
const TEST_MS = 180_000;
/** 1: each point at its first visit. More: as many visits of each, drawn from those that a whole walk makes. */
const SEEDS = Number(process.env.GLUON_FAULT_SEEDS ?? 1);

/** How often a whole walk passes each point. */
async function passesOfAWalk(): Promise<Map<string, number>> {
  const state = await stage();
  const model = await startScriptedModel();
  const gluon = await startGluon({ home: state.home, model, fault: 'trace' });
  let said = '';
  gluon.server.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    if ((await walkUntilDead(gluon, state)) !== null) throw new Error('the server died without a fault');
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
  const passes = new Map<string, number>();
  for (const [, name = ''] of said.matchAll(/^passed (\S+)$/gm)) passes.set(name, (passes.get(name) ?? 0) + 1);
  return passes;
}

interface Case {
  point: string;
  visit: number;
}

/** The first visit, then visits at random: the seed says which, so that a failure comes again. */
async function chooseCases(): Promise<Case[]> {
  const passes = SEEDS > 1 ? await passesOfAWalk() : new Map<string, number>();
  return POINTS.flatMap((point) =>
    Array.from({ length: SEEDS }, (_, seed) => {
      const draw = createHash('sha256').update(`${point} ${seed}`).digest().readUInt32BE() / 2 ** 32;
      return { point, visit: seed === 0 ? 1 : 1 + Math.floor(draw * (passes.get(point) ?? 1)) };
    }),
  );
}

test('there are points, each in one place', () => {
  expect(POINTS.length).toBeGreaterThan(30);
  expect(allFaultPoints().length).toBe(POINTS.length);
});

test.concurrent.for(await chooseCases())('killed at $point, visit $visit', { timeout: TEST_MS }, async ({ point, visit }, { expect }) => {
  const state = await stage();
  const model = await startScriptedModel();
  const options = { home: state.home, model };
  // A start has something to repair only when the server before it was killed with an attempt alive.
  const first = isOnTheWayOfAStart(point) ? 'attempt.after-sandbox@1' : `${point}@${visit}`;
  let gluon = await startGluon({ ...options, fault: `${first}=kill` });
  try {
    const step = await walkUntilDead(gluon, state);
    // Runs overlap: a late visit of a point may not come in every walk. The first must.
    if (visit === 1) expect(step, 'the point was never reached').not.toBeNull();
    if (step === null) return expect((await untilWhole(gluon, state)).broken).toEqual([]);
    expect(gluon.server.signalCode).toBe('SIGKILL');
    if (isOnTheWayOfAStart(point)) {
      await expect(restarted(gluon, `${point}@1=kill`)).rejects.toThrow(/ended with null/);
    }
    await noteWork(state);

    gluon = await restarted(gluon);
    const repaired = await untilWhole(gluon, state);
    expect(repaired.broken).toEqual([]);
    expect(repaired.tookMs).toBeLessThan(REPAIR_MS);

    await step.take(gluon, state);
    expect(await oneMoreRun(gluon, state)).toBe('review completed');
    await quiet(gluon);
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

/**
 * Faults 1 and 4: kill -9 of the server at every fault point. The next start repairs alone within 10 s, what was interrupted can be asked
 * for again, and life goes on.
 */
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
const TEST_MS = 90_000;

test('there are points, each in one place', () => {
  expect(POINTS.length).toBeGreaterThan(30);
  expect(allFaultPoints().length).toBe(POINTS.length);
});

test.concurrent.for(POINTS)('killed at %s', { timeout: TEST_MS }, async (point, { expect }) => {
  const state = await stage();
  const model = await startScriptedModel();
  const options = { home: state.home, model };
  // A start has something to repair only when the server before it was killed with an attempt alive.
  const first = isOnTheWayOfAStart(point) ? 'attempt.after-sandbox' : point;
  let gluon = await startGluon({ ...options, fault: `${first}@1=kill` });
  try {
    const step = await walkUntilDead(gluon, state);
    expect(step, 'the point was never reached').not.toBeNull();
    expect(gluon.server.signalCode).toBe('SIGKILL');
    if (isOnTheWayOfAStart(point)) {
      await expect(restarted(gluon, `${point}@1=kill`)).rejects.toThrow(/ended with null/);
    }
    await noteWork(state);

    gluon = await restarted(gluon);
    const repaired = await untilWhole(gluon, state);
    expect(repaired.broken).toEqual([]);
    expect(repaired.tookMs).toBeLessThan(REPAIR_MS);

    if (step !== null) await step.take(gluon, state);
    expect(await oneMoreRun(gluon, state)).toBe('review completed');
    await quiet(gluon);
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

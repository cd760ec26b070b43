/** Faults 1 and 4: an error at every fault point. Nothing hangs, every run ends with a named outcome, what failed can be asked for again. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { isOnTheWayOfAStart, quiet, restarted, stage, untilWhole, walkUntilDead } from './drive.ts';
import { allFaultPoints } from './points.ts';
import { TOUR, type TourState } from './tour.ts';

const POINTS = [...new Set(allFaultPoints().map((point) => point.name))];
const TEST_MS = 180_000;

/** Up to the step in which the fault comes; that one is asked for again when it failed, as a person would. */
async function walkOverFailure(gluon: Gluon, state: TourState, fired: () => boolean): Promise<void> {
  for (const step of TOUR) {
    if (fired()) return;
    try {
      await step.take(gluon, state);
    } catch (error) {
      if (!fired()) throw error;
      await step.take(gluon, state);
    }
  }
}

test.concurrent.for(POINTS)('failed at %s', { timeout: TEST_MS }, async (point, { expect }) => {
  const state = await stage();
  // An answer that got stuck on its way is handed over when its question expires.
  await writeFile(join(state.home, 'config.yml'), 'question_wait_seconds: 5\n');
  const model = await startScriptedModel();
  const onTheWay = isOnTheWayOfAStart(point);
  let gluon = await startGluon({ home: state.home, model, fault: onTheWay ? 'attempt.after-sandbox@1=kill' : `${point}@1=fail` });
  let said = '';
  try {
    if (onTheWay) {
      await walkUntilDead(gluon, state);
      gluon = await restarted(gluon, `${point}@1=fail`);
      await quiet(gluon);
    } else {
      gluon.server.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
      await walkOverFailure(gluon, state, () => said.includes(`fault injected at ${point}`));
      expect(said, 'the point was never reached').toContain(`fault injected at ${point}`);
    }
    await quiet(gluon);
    const { items } = await gluon.call('runs.list', { archived: true });
    for (const run of items.filter((each) => each.pending_questions === 0)) expect(run.outcome).toEqual(expect.any(String));
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
    await gluon.stop();
    expect(gluon.server.exitCode).toBe(0);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

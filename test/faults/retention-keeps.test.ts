/** What retention must not take: what somebody has just decided about, what is nowhere else, and anything by a clock that jumped. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mergeRun } from '../../src/services/merge-run.ts';
import { cancelRun, moveRun } from '../../src/services/move-run.ts';
import { runCleanup } from '../../src/services/tidy.ts';
import { undeleteRun } from '../../src/services/working-copies.ts';
import { git } from '../support/repository.ts';
import { type InProcess, inProcess } from './in-process.ts';

const DAY_MS = 86_400_000;

let world: InProcess;
beforeEach(async () => {
  world = await inProcess();
});
afterEach(() => world.close());

const pass = (days: number): void => {
  world.clock.wallMs += days * DAY_MS;
  world.clock.aliveMs += days * DAY_MS;
};
const there = async (id: string): Promise<boolean> => (await world.deps.store.run(id)) !== null;
/** Ids of the runs that it took off the books. */
const cleanup = async (): Promise<string[]> =>
  (await runCleanup(world.deps, 'test')).items.filter((item) => item.kind === 'run').map((item) => item.id);

describe('the time on the books begins when somebody decides, however long ago the agent ended', () => {
  test.each([
    ['accepted', 30, (id: string) => moveRun(world.deps, id, 'completed', 'test')],
    ['merged', 30, (id: string) => mergeRun(world.deps, { run: id }, 'test')],
    ['given up', 16, (id: string) => moveRun(world.deps, id, 'failed', 'test')],
    [
      'cancelled',
      16,
      async (id: string) => {
        const run = await world.deps.store.run(id);
        if (run !== null) await cancelRun(world.deps, run, 'test');
      },
    ],
  ])('%s', async (_what, days, decide) => {
    const { id } = await world.run();
    pass(100);
    await decide(id);
    expect(await cleanup()).toEqual([]);
    pass(days - 3);
    expect(await cleanup()).toEqual([]);
    // Positive control: its days are counted.
    pass(4);
    expect(await cleanup()).toEqual([id]);
    expect(await there(id)).toBe(false);
  });

  test('brought back: it begins anew', async () => {
    const { id } = await world.run();
    await moveRun(world.deps, id, 'cancelled', 'test');
    await world.deps.store.transaction((tx) => tx.updateRun(id, { worktree_state: 'removed' }));
    await git(world.repository, 'update-ref', `refs/gluon/rescue/${id}`, `refs/gluon/runs/${id}`);
    pass(100);
    await undeleteRun(world.deps, id, 'test');
    expect(await cleanup()).toEqual([]);
    expect(await world.deps.store.run(id)).toMatchObject({ worktree_state: 'present', status: 'cancelled' });
  });
});

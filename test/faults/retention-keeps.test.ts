/** What retention must not take: what somebody has just decided about, what is nowhere else, and anything by a clock that jumped. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { renameBranch } from '../../src/services/git-commands.ts';
import { mergeRun } from '../../src/services/merge-run.ts';
import { cancelRun, moveRun } from '../../src/services/move-run.ts';
import { addProject, removeProject } from '../../src/services/projects.ts';
import { madeByRun } from '../../src/services/submit-run.ts';
import { forgetIfOver, runCleanup } from '../../src/services/tidy.ts';
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

describe('work that no branch has', () => {
  const refs = () => git(world.repository, 'for-each-ref', '--format=%(refname)', 'refs/gluon');
  /** One whose branch somebody set to other work, one whose branch has it, one that was merged and whose branch is gone. */
  async function three() {
    const only = await world.run({ status: 'cancelled', settled_at: new Date(world.clock.wallMs).toISOString() });
    const onBranch = await world.run({ status: 'cancelled', settled_at: only.settled_at });
    const merged = await world.run({ status: 'cancelled', settled_at: only.settled_at });
    await git(world.repository, 'branch', '--force', only.branch_name ?? '', 'main');
    await git(world.repository, 'merge', '--quiet', '--no-ff', '--no-edit', merged.branch_name ?? '');
    await git(world.repository, 'branch', '--delete', '--force', merged.branch_name ?? '');
    expect((await refs()).split('\n')).toHaveLength(3);
    return { only, all: [only, onBranch, merged] };
  }

  test('outlives its run', async () => {
    const { only, all } = await three();
    pass(100);
    expect((await cleanup()).sort()).toEqual(all.map((run) => run.id).sort());
    expect(await refs()).toBe(`refs/gluon/runs/${only.id}`);
    expect(await git(world.repository, 'rev-parse', `refs/gluon/runs/${only.id}`)).toBe(only.head_commit);
  });

  test('outlives its project', async () => {
    const { only } = await three();
    await removeProject(world.deps, 'shop', 'test');
    expect(await there(only.id)).toBe(false);
    expect(await refs()).toBe(`refs/gluon/runs/${only.id}`);
  });
});

test('the branch of a run that was forgotten stays one that an agent made, whatever it is called and with its project added again', async () => {
  const { deps, project } = world;
  await git(world.repository, 'branch', 'of-people');
  const run = await world.run({ branch_name: 'of-an-agent', status: 'review' });
  await world.run({ branch_name: 'never-started', status: 'cancelled', attempts: 0, settled_at: run.created_at });
  await moveRun(deps, run.id, 'cancelled', 'test');
  pass(100);
  expect(await cleanup()).toHaveLength(2);
  const made = async (id = project.id) => {
    const names = ['of-an-agent', 'renamed', 'of-people', 'never-started', 'main'];
    const answers = await Promise.all(names.map(async (name) => [name, await madeByRun(deps, { id }, name)] as const));
    return answers.flatMap(([name, answer]) => (answer ? [name] : []));
  };
  expect(await made()).toEqual(['of-an-agent']);
  await renameBranch(deps, { project: 'shop', from: 'of-an-agent', to: 'renamed' });
  expect(await made()).toEqual(['of-an-agent', 'renamed']);
  await removeProject(deps, 'shop', 'test');
  const again = await addProject(deps, { name: 'again', path: world.repository }, 'test');
  expect(await made(again.id)).toEqual(['of-an-agent', 'renamed']);
});

test('a run whose working copy was rescued stays until what was rescued is no longer kept, and can be brought back until then', async () => {
  const { deps, clock } = world;
  const run = await world.run();
  const path = `${deps.home.worktrees}/wt-${run.id.slice(0, 8)}`;
  const settled = { status: 'cancelled' as const, settled_at: new Date(clock.wallMs - 20 * DAY_MS).toISOString() };
  await git(world.repository, 'update-ref', `refs/gluon/rescue/${run.id}`, `refs/gluon/runs/${run.id}`);
  await undeleteRun(deps, run.id, 'test');
  await writeFile(`${path}/untracked.txt`, 'not committed');
  await deps.store.transaction((tx) => tx.updateRun(run.id, settled));
  const forget = () => forgetIfOver(deps, run.id, 'cancelled more than 14 days ago', 'test');
  expect(await forget()).toBe(false);
  expect(await deps.store.run(run.id)).toMatchObject({ worktree_state: 'removed' });
  expect([await forget(), await cleanup()]).toEqual([false, []]);
  await undeleteRun(deps, run.id, 'test');
  expect(await readFile(`${path}/untracked.txt`, 'utf8')).toBe('not committed');
  // Positive control: once what was rescued is kept no longer, the run goes.
  await deps.store.transaction((tx) => tx.updateRun(run.id, settled));
  expect(await forget()).toBe(false);
  pass(15);
  expect(await forget()).toBe(true);
});

test('one cleanup that rescues a working copy does not take the rescue away for the age of the one before', async () => {
  const { deps } = world;
  const run = await world.run();
  await git(world.repository, 'update-ref', `refs/gluon/rescue/${run.id}`, `refs/gluon/runs/${run.id}`);
  await undeleteRun(deps, run.id, 'test');
  const path = `${deps.home.worktrees}/wt-${run.id.slice(0, 8)}`;
  await writeFile(`${path}/untracked.txt`, 'not committed');
  // What was rescued first is from a year ago.
  const dated = (await git(world.repository, 'cat-file', 'commit', 'main')).replaceAll(/(?<=> )\d+(?= \+)/g, '1700000000');
  await writeFile(`${path}.commit`, `${dated}\n`);
  const aged = await git(world.repository, 'hash-object', '-t', 'commit', '-w', `${path}.commit`);
  await git(world.repository, 'update-ref', `refs/gluon/rescue/${run.id}`, aged);
  await deps.store.transaction((tx) => tx.updateRun(run.id, { status: 'cancelled', archived: true }));
  expect((await runCleanup(deps, 'test')).items.map((item) => item.kind)).toEqual(['working copy']);
  await undeleteRun(deps, run.id, 'test');
  expect(await readFile(`${path}/untracked.txt`, 'utf8')).toBe('not committed');
});

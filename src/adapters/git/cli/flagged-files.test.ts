import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkingCopySpec } from '../../../ports/git.ts';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
let spec: WorkingCopySpec;
beforeEach(async () => {
  world = makeWorld();
  spec = world.copySpec('run1');
  await world.git.createWorkingCopy(spec);
});
afterEach(() => world.remove());

const importing = () =>
  world.git.importWork(
    {
      runId: 'run1',
      projectPath: world.project,
      workingCopy: spec.path,
      branch: spec.branch,
      since: spec.baseCommit,
      autoCommit: { message: 'Leftovers', exclude: [] },
      maxBytes: 50_000_000,
      maxObjects: 10_000,
    },
    world.confined,
  );
const rescuing = () =>
  world.git.rescue({ runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 50_000_000 }, world.confined);
const content = (commit: string, file: string) => world.sh(`git show ${commit}:${file}`);

const FLAGS = [
  ['skip-worktree', '--skip-worktree'],
  ['assume-unchanged', '--assume-unchanged'],
] as const;

test.each(FLAGS)(
  'a changed file that git was told to pass over by %s comes home, and is rescued',
  { timeout: 60_000 },
  async (_name, flag) => {
    await world.agent(`git update-index ${flag} a.txt; echo changed > a.txt`, spec.path);
    // Git itself says nothing of it: that is the trap.
    expect(await world.agent('git status --porcelain', spec.path)).toBe('');
    const { commit } = await rescuing();
    expect(content(commit, 'a.txt')).toBe('changed');
    const { head } = await importing();
    expect(content(head, 'a.txt')).toBe('changed');
  },
);

test('a file that a sparse checkout leaves out is not taken for removed', { timeout: 60_000 }, async () => {
  await world.agent('git update-index --skip-worktree a.txt; rm a.txt; echo new > n.txt', spec.path);
  const { head } = await importing();
  expect(world.sh(`git ls-tree -r --name-only ${head}`).split('\n')).toEqual(expect.arrayContaining(['a.txt', 'n.txt']));
});

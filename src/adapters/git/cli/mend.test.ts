import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Git } from '../../../ports/git.ts';
import { systemClock } from '../../system/clock.ts';
import { silentLog } from '../../system/log.ts';
import { makeWorld, type World } from './git.fixture.ts';
import { gitCli } from './git-cli.ts';

let world: World;
let breaking: string | null;
let git: Git;
beforeEach(() => {
  world = makeWorld();
  breaking = null;
  git = gitCli({
    clock: systemClock(),
    log: silentLog(),
    environment: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: world.home },
    stateFolder: join(world.folder, 'state'),
    fault: async (name) => {
      if (name === breaking) throw new Error(`broken at ${name}`);
    },
  });
});
afterEach(() => world.remove());

/** A merge that moved the branch and went no further. */
async function halfMerged(): Promise<void> {
  world.sh('git checkout -q -b work; echo changed > a.txt; git commit -qam change; git checkout -q main');
  breaking = 'landing.after-ref';
  const head = world.sh('git rev-parse work');
  const spec = { projectPath: world.project, base: 'main', head, message: 'Merge', projectName: 'p' };
  await expect(git.mergeIntoBase(spec)).rejects.toThrow('broken at');
  breaking = null;
  expect(world.sh('git show main:a.txt')).toBe('changed');
  expect(world.sh('git status --porcelain')).not.toBe('');
}

const landings = (): string => world.sh('git for-each-ref refs/gluon/landing');

test('a checkout that had not followed a merge follows at the next start', async () => {
  await halfMerged();
  expect((await git.mend(world.project)).join()).toMatch(/shows the merged state/);
  expect(world.sh('git status --porcelain')).toBe('');
  expect(readFileSync(join(world.project, 'a.txt'), 'utf8')).toBe('changed\n');
  expect(landings()).toBe('');
  expect(await git.mend(world.project)).toEqual([]);
});

test.each([
  ['edited a file', 'echo mine > dir/b.txt', 'dir/b.txt', 'mine'],
  ['staged a file', 'echo mine > mine.txt; git add mine.txt', 'mine.txt', 'mine'],
])('a person who %s since keeps it, and is left alone', async (_what, script, path, text) => {
  await halfMerged();
  world.sh(script);
  expect(await git.mend(world.project)).toEqual([]);
  expect(world.sh(`cat ${path}`)).toBe(text);
  expect(world.sh('cat a.txt')).toBe('one');
  expect(landings()).toBe('');
});

test('a person who went to another branch since is left alone', async () => {
  await halfMerged();
  world.sh('git checkout -q -f work');
  expect(await git.mend(world.project)).toEqual([]);
  expect(world.sh('git status --porcelain; git branch --show-current')).toBe('work');
});

test('what an import left half-done goes, what belongs to another home stays', async () => {
  const spec = world.copySpec('run1');
  await git.createWorkingCopy(spec);
  await world.agent('echo 1 > n1; git add -A; git commit -qm one', spec.path);
  const request = { runId: 'run1', projectPath: world.project, workingCopy: spec.path, branch: spec.branch, since: spec.baseCommit };
  breaking = 'import.before-refs';
  await expect(git.importWork({ ...request, autoCommit: null, maxBytes: 1e7, maxObjects: 1e4 }, world.confined)).rejects.toThrow(
    'broken at',
  );
  const objects = join(world.project, '.git', 'objects');
  mkdirSync(join(objects, 'incoming-gluon-00000000-other'));
  writeFileSync(join(objects, 'pack', 'pack-other.keep'), 'somebody else\n');
  await git.mend(world.project);
  expect(existsSync(join(objects, 'incoming-gluon-00000000-other'))).toBe(true);
  expect(readdirSync(join(objects, 'pack')).filter((name) => name.endsWith('.keep'))).toEqual(['pack-other.keep']);
});

test('bases that nothing came of are told from those that have work', async () => {
  for (const run of ['held', 'worked']) await git.holdBase(world.project, run, world.sh('git rev-parse main'));
  world.sh('git update-ref refs/gluon/runs/worked main');
  expect(await git.heldBases(world.project)).toEqual(['held']);
});

test('folders that were being made or removed go, whole ones stay', async () => {
  for (const name of ['.building-wt-1-x', '.removing-wt-2-x', 'wt-3']) mkdirSync(join(world.worktrees, name));
  await git.sweepWorkingCopies(world.worktrees);
  expect(readdirSync(world.worktrees)).toEqual(['wt-3']);
});

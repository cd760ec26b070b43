import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test('a working copy has the files, the branch and the borrowed objects, and the project has only a base reference', async () => {
  const spec = world.copySpec('run1');
  const copy = await world.git.createWorkingCopy(spec);
  expect(readFileSync(join(copy.path, 'dir/b.txt'), 'utf8')).toBe('two\n');
  expect(copy.borrowedObjects).toEqual([join(world.project, '.git/objects')]);
  expect(world.sh('git status --porcelain; git symbolic-ref HEAD; git log --format=%s', copy.path)).toBe(
    'refs/heads/gluon-task/run1\nFirst commit',
  );
  expect(world.sh('git for-each-ref --format="%(refname)"')).toBe('refs/gluon/base/run1\nrefs/heads/main');
  expect(readdirSync(world.worktrees)).toEqual(['wt-run1']);
  expect(world.sh('git config user.name', copy.path)).toBe('Ann');
});

test('what the person ignores in their own way is ignored in the copy too', async () => {
  writeFileSync(join(world.project, '.git/info/exclude'), 'mine.tmp\n');
  mkdirSync(join(world.home, '.config/git'), { recursive: true });
  writeFileSync(join(world.home, '.config/git/ignore'), '.DS_Store\n');
  const { path } = await world.git.createWorkingCopy(world.copySpec('run1'));
  await world.agent('touch mine.tmp .DS_Store other', path);
  expect(world.sh('git status --porcelain', path)).toBe('?? other');
});

test('a failure leaves no folder and no reference', async () => {
  const missing = 'a'.repeat(40);
  await expect(world.git.createWorkingCopy(world.copySpec('run1', { commit: missing }))).rejects.toMatchObject({
    code: 'working_copy_failed',
  });
  expect(readdirSync(world.worktrees)).toEqual([]);
  expect(world.sh('git for-each-ref refs/gluon')).toBe('');
});

test('an existing folder is never built over', async () => {
  const spec = world.copySpec('run1');
  mkdirSync(spec.path);
  writeFileSync(join(spec.path, 'mine'), 'x');
  await expect(world.git.createWorkingCopy(spec)).rejects.toMatchObject({ code: 'working_copy_failed' });
  expect(readdirSync(spec.path)).toEqual(['mine']);
});

test('a project that was moved away is named as missing, and no parent repository is taken for it', async () => {
  const spec = world.copySpec('run1');
  world.sh('git init -q . && mv project gone && mkdir project', world.folder);
  await expect(world.git.createWorkingCopy(spec)).rejects.toMatchObject({ code: 'repository_missing' });
  await expect(world.git.commits(world.project, spec.commit, spec.commit, 5)).rejects.toMatchObject({ code: 'repository_missing' });
});

test('copies ignored files by pattern, regular ones only, and never over a link of the commit', async () => {
  world.write('.gitignore', '.env\nsecrets/\nlinked\n');
  symlinkSync(world.home, join(world.project, 'conf'));
  world.sh('git add -A && git commit -qm links && rm conf && mkdir conf');
  world.write('.env', 'KEY=1\n');
  world.write('secrets/api.txt', 'k\n');
  world.write('packages/app/.env', 'KEY=2\n');
  world.write('conf/.env', 'KEY=3\n');
  symlinkSync(join(world.home, '.gitconfig'), join(world.project, 'linked'));
  const { path } = await world.git.createWorkingCopy(world.copySpec('run1', { copy: ['.env', 'secrets', 'linked'] }));
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('KEY=1\n');
  expect(readFileSync(join(path, 'secrets/api.txt'), 'utf8')).toBe('k\n');
  expect(readFileSync(join(path, 'packages/app/.env'), 'utf8')).toBe('KEY=2\n');
  expect(existsSync(join(path, 'linked'))).toBe(false);
  expect(lstatSync(join(path, 'conf')).isSymbolicLink()).toBe(true);
  expect(existsSync(join(world.home, '.env'))).toBe(false);
});

test('removal works only below the root and does not follow links', async () => {
  const { path } = await world.git.createWorkingCopy(world.copySpec('run1'));
  const outside = join(world.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'keep'), 'x');
  symlinkSync(outside, join(path, 'link'));
  symlinkSync(outside, join(world.worktrees, 'wt-link'));
  for (const bad of [world.worktrees, outside, world.folder, '/', `${world.worktrees}/../outside`, join(world.worktrees, 'wt-link')]) {
    await expect(world.git.removeWorkingCopy(world.worktrees, bad), bad).rejects.toMatchObject({ code: 'working_copy_failed' });
  }
  await world.agent('mkdir shut && touch shut/x && chmod 000 shut', path);
  await world.git.removeWorkingCopy(world.worktrees, path);
  await world.git.removeWorkingCopy(world.worktrees, path);
  expect(readdirSync(world.worktrees)).toEqual(['wt-link']);
  expect(readdirSync(outside)).toEqual(['keep']);
});

test('sixteen at a time, none is lost and no lock stays', async () => {
  const names = Array.from({ length: 48 }, (_, index) => `p${index}`);
  const made: string[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        made.push((await world.git.createWorkingCopy(world.copySpec(name))).path);
      }
    }),
  );
  expect(made.length).toBe(48);
  for (const path of made) expect(readFileSync(join(path, '.git/HEAD'), 'utf8')).toMatch(/^ref: refs\/heads\/gluon-task\/p\d+\n$/);
  expect(world.sh('git for-each-ref refs/gluon/base | wc -l')).toBe('48');
  expect(world.sh('find .git -name "*.lock"')).toBe('');
});

test('a linked worktree and a chain of borrowed objects work as project', async () => {
  world.sh('git clone -q --shared project second && git clone -q --shared second third', world.folder);
  world.sh('git worktree add -q ../linked -b side', join(world.folder, 'third'));
  const facts = await world.git.inspect(join(world.folder, 'linked'));
  expect(facts).toMatchObject({ path: join(world.folder, 'linked'), branch: 'side', gitDir: join(world.folder, 'third/.git') });
  const copy = await world.git.createWorkingCopy(world.copySpec('run1', { projectPath: facts.path }));
  expect(copy.borrowedObjects).toEqual(['third', 'second', 'project'].map((name) => join(world.folder, name, '.git/objects')));
  expect(world.sh('git status --porcelain && git log --oneline | wc -l', copy.path)).toBe('1');
});

test('the person may collect garbage at once: the run keeps what it borrows', async () => {
  world.sh('git checkout -q -b side && echo s > s && git add -A && git commit -qm side && git checkout -q main');
  const commit = world.sh('git rev-parse side');
  const { path } = await world.git.createWorkingCopy(world.copySpec('run1', { commit, baseCommit: commit }));
  world.sh('git branch -D -q side && git reflog expire --expire=now --all && git gc -q --prune=now');
  expect(world.sh('git fsck --connectivity-only && git show HEAD:s', path)).toContain('s');
});

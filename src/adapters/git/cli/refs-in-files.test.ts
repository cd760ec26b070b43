import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './git.fixture.ts';
import { hasOneCheckout, headInFiles, refInFiles } from './refs-in-files.ts';

let world: World;
let place: { commonDir: string; gitDir: string; refsInFiles: boolean };
beforeEach(() => {
  world = makeWorld();
  const gitDir = join(world.project, '.git');
  place = { commonDir: gitDir, gitDir, refsInFiles: true };
});
afterEach(() => world.remove());

const git = (ref: string): string | null => world.sh(`git rev-parse --verify --quiet ${ref} || true`) || null;

test('says what git says: loose, packed, both, gone', async () => {
  world.sh('git branch feature/one && git tag v1 && git branch other');
  for (const step of [
    'true',
    'git pack-refs --all',
    'git commit -q --allow-empty -m next',
    'git branch -D other',
    'git branch -f feature/one',
  ]) {
    world.sh(step);
    for (const ref of [
      'refs/heads/main',
      'refs/heads/feature/one',
      'refs/heads/feature',
      'refs/heads/other',
      'refs/tags/v1',
      'refs/heads/no',
    ])
      expect([step, ref, await refInFiles(place, ref)]).toEqual([step, ref, { value: git(ref) }]);
  }
});

test('leaves to git what is not the plain case', async () => {
  const gitDir = place.gitDir;
  world.sh('git symbolic-ref refs/heads/alias refs/heads/main');
  writeFileSync(join(gitDir, 'refs/heads/broken'), 'not a name\n');
  symlinkSync('main', join(gitDir, 'refs/heads/link'));
  for (const name of ['alias', 'broken', 'link']) expect([name, await refInFiles(place, `refs/heads/${name}`)]).toEqual([name, null]);
  for (const ref of [
    'HEAD',
    'main',
    'refs/heads/main~1',
    'refs/heads/main@{1}',
    'refs/heads/../../config',
    'refs/heads/a.lock',
    'refs/bisect/x',
  ])
    expect([ref, await refInFiles(place, ref)]).toEqual([ref, null]);
  expect(await refInFiles({ ...place, refsInFiles: false }, 'refs/heads/main')).toBeNull();
  writeFileSync(join(gitDir, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted\n${'#'.repeat(1024 * 1024)}\n`);
  expect(await refInFiles(place, 'refs/heads/no')).toBeNull();
});

test('HEAD: a branch, an unborn one, detached, odd', async () => {
  expect(await headInFiles(place)).toEqual({ value: 'refs/heads/main' });
  world.sh('git switch -q --orphan unborn');
  expect(await headInFiles(place)).toEqual({ value: 'refs/heads/unborn' });
  world.sh('git switch -q --detach main');
  expect(await headInFiles(place)).toEqual({ value: null });
  writeFileSync(join(place.gitDir, 'HEAD'), 'ref: refs/other/x\n');
  expect(await headInFiles(place)).toBeNull();
});

test('a linked worktree is a second checkout', async () => {
  expect(await hasOneCheckout(place)).toBe(true);
  world.sh(`git worktree add -q ${join(world.folder, 'second')} -b second`);
  expect(await hasOneCheckout(place)).toBe(false);
});

test('a base is named as git would resolve it', async () => {
  world.sh('git branch both && git commit -q --allow-empty -m next && git tag both && git branch deadbeef HEAD~1');
  mkdirSync(join(place.gitDir, 'refs/heads/x'), { recursive: true });
  for (let time = 0; time < 2; time += 1)
    for (const name of ['main', 'HEAD', 'both', 'deadbeef', 'main~1', 'heads/main', 'refs/heads/main', world.sh('git rev-parse HEAD')])
      expect([name, await world.git.resolveCommit(world.project, name, 'p')]).toEqual([name, world.sh(`git rev-parse '${name}^{commit}'`)]);
});

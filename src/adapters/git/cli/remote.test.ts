import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const withRemote = () =>
  world.sh(
    'git clone -q --bare . ../remote.git && git remote add origin "$PWD/../remote.git" && git fetch -q && git branch -q -u origin/main',
  );
const elsewhere = (script: string) =>
  world.sh(
    `rm -rf other && git clone -q remote.git other && cd other && ${script} && git add -A && git commit -qm theirs && git push -q`,
    world.folder,
  );

test('status counts what differs', async () => {
  expect(await world.git.status(world.project)).toMatchObject({
    branch: 'main',
    remote: null,
    upstream: null,
    ahead: null,
    uncommitted: 0,
  });
  withRemote();
  world.sh('git commit -q --allow-empty -m mine; echo x >> a.txt; echo y > new');
  expect(await world.git.status(world.project)).toMatchObject({
    upstream: 'origin/main',
    ahead: 1,
    behind: 0,
    uncommitted: 2,
    detached: false,
  });
  world.sh('git checkout -q --detach');
  expect(await world.git.status(world.project)).toMatchObject({ branch: null, detached: true });
});

test('fetch and sync move a clean checkout forward, and refuse the rest by name', async () => {
  await expect(world.git.fetch(world.project)).rejects.toMatchObject({ code: 'no_remote' });
  withRemote();
  elsewhere('echo 1 > n1');
  await world.git.fetch(world.project);
  expect((await world.git.status(world.project)).behind).toBe(1);
  world.sh('echo x >> a.txt');
  await expect(world.git.sync(world.project, 'p')).rejects.toMatchObject({ code: 'checkout_dirty' });
  world.sh('git checkout -q a.txt');
  await world.git.sync(world.project, 'p');
  await world.git.sync(world.project, 'p');
  expect(world.sh('ls; git status --porcelain')).toBe('a.txt\ndir\nn1');
  elsewhere('echo 2 > n2');
  world.sh('git commit -q --allow-empty -m mine');
  await expect(world.git.sync(world.project, 'p')).rejects.toMatchObject({ code: 'git_diverged' });
});

test('push sends one branch and never forces; no hook runs', async () => {
  withRemote();
  world.sh(
    `printf '#!/bin/sh\\ntouch ${join(world.folder, 'marker')}\\n' > .git/hooks/pre-push; chmod +x .git/hooks/pre-push; git branch gluon-task/x`,
  );
  const commit = world.sh('git rev-parse HEAD');
  expect(await world.git.push(world.project, 'gluon-task/x', 'p')).toEqual({
    branch: 'gluon-task/x',
    remote: expect.stringContaining('remote.git'),
    commit,
  });
  elsewhere('echo 1 > n1');
  world.sh('git commit -q --allow-empty -m mine');
  await expect(world.git.push(world.project, 'main', 'p')).rejects.toMatchObject({ code: 'git_diverged' });
  expect(world.sh(`ls '${world.folder}' | grep marker || :`)).toBe('');
  for (const bad of ['--mirror', '+main', 'main:other', 'gone', '*']) {
    await expect(world.git.push(world.project, bad, 'p'), bad).rejects.toMatchObject({ code: 'branch_not_found' });
  }
});

test.each([
  'ext::sh -c touch% fired',
  'EXT::x',
  'fd::3',
  'http://127.0.0.1:1/x',
  'git://127.0.0.1/x',
  '-oProxyCommand=x:y',
  '--upload-pack=x',
  'ssh://-oProxyCommand=x/y',
])('the address %s is refused', async (url) => {
  world.sh(
    `git config remote.origin.url "${url}"; git config protocol.ext.allow always; git config remote.origin.fetch "+refs/heads/*:refs/remotes/origin/*"`,
  );
  await expect(world.git.fetch(world.project)).rejects.toMatchObject({ code: 'git_failed' });
  expect(world.sh('ls')).toBe('a.txt\ndir');
});

test('branches: listed newest first, renamed, deleted, never one that is checked out', async () => {
  world.sh(
    'git branch gluon-task/a && git checkout -q -b gluon-task/b && GIT_COMMITTER_DATE=2037-01-01T00:00:00Z git commit -q --allow-empty -m b && git checkout -q main',
  );
  expect(
    (await world.git.branches(world.project, { prefix: 'gluon-task/', limit: 5 })).map((one) => [one.name, one.merged, one.current]),
  ).toEqual([
    ['gluon-task/b', false, false],
    ['gluon-task/a', true, false],
  ]);
  await world.git.renameBranch(world.project, 'gluon-task/a', 'gluon-task/c');
  expect(await world.git.branchExists(world.project, 'gluon-task/a')).toBe(false);
  expect(await world.git.branchExists(world.project, 'gluon-task/c')).toBe(true);
  await expect(world.git.renameBranch(world.project, 'gluon-task/c', 'gluon-task/b')).rejects.toMatchObject({ code: 'branch_exists' });
  await expect(world.git.renameBranch(world.project, 'gluon-task/c', '-x')).rejects.toMatchObject({ code: 'branch_name_invalid' });
  await world.git.deleteBranch(world.project, 'gluon-task/b');
  await expect(world.git.deleteBranch(world.project, 'gluon-task/b')).rejects.toMatchObject({ code: 'branch_not_found' });
  await expect(world.git.deleteBranch(world.project, 'main')).rejects.toMatchObject({ code: 'branch_protected' });
});

test('a lock of another git is waited for, then named', async () => {
  world.sh('git branch gluon-task/a; touch .git/refs/heads/gluon-task/a.lock');
  const pending = world.git.deleteBranch(world.project, 'gluon-task/a');
  await new Promise((resolve) => setTimeout(resolve, 200));
  world.sh('rm .git/refs/heads/gluon-task/a.lock');
  await pending;
  world.sh('git branch gluon-task/b; touch .git/refs/heads/gluon-task/b.lock');
  await expect(world.git.deleteBranch(world.project, 'gluon-task/b')).rejects.toMatchObject({ code: 'repository_locked' });
});

/**
 * Fault 38: cleanup of a working copy loses nothing, whatever state it is in: dirty, untracked, ignored, committed and not imported, on a
 * detached head, on another branch, in the stash, locked, in the middle of a merge. Removed and brought back, everything is there.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { commitFiles, git } from '../support/repository.ts';
import { type Stage, stage } from './drive.ts';
import { filesBelow } from './observe.ts';
import { ended } from './tour.ts';

const shell = promisify(execFile);

/** Each leaves a mark of its own, so that it can be told what was lost. */
const STATES: Record<string, string> = {
  dirty: 'echo dirty >> README.md',
  staged: 'echo staged > staged.txt; git add staged.txt',
  untracked: 'mkdir -p new/deep; echo untracked > new/deep/file.txt; printf x > "odd name\n"',
  ignored: 'mkdir -p build; echo ignored > build/out.o',
  deleted: 'rm src/app.txt',
  link: 'ln -s /etc/hostname outside',
  executable: 'echo "#!/bin/sh" > tool; chmod +x tool',
  unpushed: 'echo unpushed > unpushed.txt; git add unpushed.txt; git commit -qm unpushed',
  detached: 'git checkout -q --detach; echo detached > detached.txt; git add detached.txt; git commit -qm detached',
  branch: 'git checkout -q -b aside-$RANDOM; echo aside > aside.txt; git add aside.txt; git commit -qm aside; git checkout -q -',
  stash: 'echo stashed > stashed.txt; git add stashed.txt; git stash -q',
  locked: 'touch .git/index.lock',
};

let state: Stage;
let gluon: Gluon;
beforeAll(async () => {
  state = await stage();
  await commitFiles(state.repository, { '.gitignore': 'build/\n' }, 'Ignore');
  gluon = await startGluon({ home: state.home });
  await gluon.call('projects.add', { name: 'shop', path: state.repository });
});
afterAll(async () => {
  await gluon?.stop();
  await gluon?.model.close();
  await state.close();
});

const objects = async (folder: string, ...revisions: string[]) =>
  new Set((await git(folder, 'rev-list', '--objects', ...revisions)).split('\n').map((line) => line.split(' ')[0] ?? ''));

async function removedAndBack(states: readonly string[]): Promise<void> {
  const { id } = await gluon.call('runs.create', { project: 'shop', prompt: 'say nothing to do', agent: 'fake' });
  const run = await gluon.until(id, ended, 'it has ended');
  const path = run.worktree_path ?? '';
  const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@localhost', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@localhost' };
  // As an agent leaves it: behind Gluon's back, after the last import.
  for (const name of states)
    await shell('/bin/bash', ['-ec', STATES[name] ?? 'false'], { cwd: path, env: { PATH: process.env.PATH, ...identity } });
  const files = filesBelow(path);
  const commits = await objects(path, '--all', 'HEAD');

  await gluon.call('runs.move', { run: id, status: 'cancelled' });
  await gluon.call('runs.archive', { run: id });
  const { removed } = await gluon.call('worktrees.gc', {});
  expect(removed).toEqual([path]);
  expect(existsSync(path)).toBe(false);
  const rescued = await objects(state.repository, `refs/gluon/rescue/${id}`);
  expect([...commits].filter((one) => one !== '' && !rescued.has(one))).toEqual([]);

  await gluon.call('runs.undelete', { run: id });
  expect(filesBelow(path).sort(byPath)).toEqual(files.sort(byPath));
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);

test.each(Object.keys(STATES))('removed and brought back: %s', (name) => removedAndBack([name]));

test('removed and brought back: any of them together', { timeout: 120_000 }, async () => {
  // A lock keeps git from going on, so it comes last.
  const names = fc.subarray(
    Object.keys(STATES).filter((name) => name !== 'locked'),
    { minLength: 2 },
  );
  await fc.assert(
    fc.asyncProperty(names, fc.boolean(), (some, locked) => removedAndBack(locked ? [...some, 'locked'] : some)),
    { numRuns: 8, seed: 38, endOnFailure: true },
  );
});

test('what is live is not removed', async () => {
  const { id } = await gluon.call('runs.create', { project: 'shop', prompt: 'write a.txt x\nhang', agent: 'fake' });
  await gluon.until(id, (run) => run.worktree_state === 'present', 'it has a working copy');
  expect((await gluon.raw('POST', `/runs/${id}/archive`, {})).status).toBe(409);
  const { kept } = await gluon.call('worktrees.gc', {});
  const run = await gluon.call('runs.get', { run: id });
  expect(kept).toContain(run.worktree_path);
  expect(existsSync(run.worktree_path ?? '')).toBe(true);
  await gluon.call('runs.cancel', { run: id });
});

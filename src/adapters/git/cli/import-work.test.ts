import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportSpec, RunConfined, WorkingCopySpec } from '../../../ports/git.ts';
import type { ConfinedCommand } from '../../../ports/sandbox.ts';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
let spec: WorkingCopySpec;
beforeEach(async () => {
  world = makeWorld();
  spec = world.copySpec('run1');
  await world.git.createWorkingCopy(spec);
});
afterEach(() => world.remove());

const request = (changes: Partial<ImportSpec> = {}): ImportSpec => ({
  runId: 'run1',
  projectPath: world.project,
  workingCopy: spec.path,
  branch: spec.branch,
  since: spec.baseCommit,
  autoCommit: { message: 'Leftovers', exclude: [] },
  maxBytes: 50_000_000,
  maxObjects: 10_000,
  ...changes,
});
const importing = (changes: Partial<ImportSpec> = {}) => world.git.importWork(request(changes), world.confined);
const files = (commit: string) => world.sh(`git ls-tree -r --name-only ${commit}`).split('\n');

test('nothing done: the head is the base, and again', async () => {
  for (let time = 0; time < 2; time += 1) {
    expect(await importing()).toEqual({ head: spec.baseCommit, autoCommitted: false, notices: [] });
  }
  expect(world.sh(`git rev-parse ${spec.branch} refs/gluon/runs/run1`).split('\n')).toEqual([spec.baseCommit, spec.baseCommit]);
});

test('takes commits, then leftovers on top, and is idempotent', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm work; echo 2 > n2; rm a.txt; echo x >> dir/b.txt', spec.path);
  const first = await importing();
  expect(first).toMatchObject({ autoCommitted: true, notices: [] });
  expect(files(first.head)).toEqual(['dir/b.txt', 'n1', 'n2']);
  expect(world.sh(`git log -1 --format='%s %an <%ae>' ${spec.branch}`)).toBe('Leftovers Ann <ann@example.org>');
  // The agent goes on from there: its branch, index and files agree with what was taken.
  expect(await world.agent('git rev-parse HEAD; git status --porcelain; git symbolic-ref HEAD', spec.path)).toBe(
    `${first.head}\nrefs/heads/${spec.branch}`,
  );
  expect(await importing({ since: first.head })).toMatchObject({ head: first.head, autoCommitted: false });
  expect(world.sh('git fsck --strict && find .git/objects -name "*.keep" -o -name "incoming*"')).toBe('');
});

test('an import that waits looks only at its word', async () => {
  const prepared = world.git.prepareImport(request(), world.confined);
  // The agent's own processes start and end meanwhile.
  await world.agent('echo one > one.txt; git add -A; git commit -qm one', spec.path);
  await world.agent('echo two > two.txt', spec.path);
  prepared.look();
  const { head, autoCommitted } = await prepared.take();
  expect(files(head)).toEqual(['a.txt', 'dir/b.txt', 'one.txt', 'two.txt']);
  expect(autoCommitted).toBe(true);
});

test.each([
  ['before its word', null, async () => {}],
  ['at its word', 137, async (command: ConfinedCommand) => command.dialogue?.begin],
])('one that the end of the agent took along %s is begun anew, and loses nothing of its git data', async (_when, exitCode, until) => {
  let started = 0;
  const confined: RunConfined = async (command) => {
    started += 1;
    if (started > 1) return world.confined(command);
    await until(command);
    return { exitCode, stdout: Buffer.alloc(0), stderr: '' };
  };
  const prepared = world.git.prepareImport(request(), confined);
  await world.agent('echo one > one.txt; git add -A; git commit -qm "by the agent"', spec.path);
  const { head, autoCommitted } = await prepared.take();
  expect([started, autoCommitted, world.sh(`git log -1 --format=%s ${head}`)]).toEqual([2, false, 'by the agent']);
});

test('without auto-commit leftovers stay where they are', async () => {
  await world.agent('echo 1 > n1', spec.path);
  expect(await importing({ autoCommit: null })).toMatchObject({ head: spec.baseCommit, autoCommitted: false });
  expect(await world.agent('git status --porcelain', spec.path)).toBe('?? n1');
});

test('copied files and secrets are never committed by us, even when the agent staged them; odd names are', async () => {
  const odd = 'o\\dd \\n "name"';
  await world.agent(
    `echo k > .env; echo k > .env.local; echo k > x.pem; mkdir -p deep && echo k > deep/id_rsa; echo c > copied.txt; echo ok > .env.example; ` +
      `git add -f .env copied.txt; printf x > "$(printf 'new\\nline')"; printf x > "$(printf 'caf\\351')"; printf x > ':(exclude)a'; printf x > -- '${odd}'; printf x > '*'`,
    spec.path,
  );
  const { head, notices } = await importing({ autoCommit: { message: 'm', exclude: ['copied.txt'] } });
  const names = world.sh(`git -c core.quotePath=false ls-tree -r -z --name-only ${head} | tr '\\0\\n' '\\n~'`).split('\n');
  expect(names.filter((name) => /env|pem|id_rsa|copied/.test(name))).toEqual(['.env.example']);
  expect(names).toEqual(expect.arrayContaining(['new~line', ':(exclude)a', '*']));
  expect(names.length).toBe(8);
  expect(notices?.join()).toMatch(/secrets/);
});

test('a rewritten history is taken as it is', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm one', spec.path);
  await importing();
  await world.agent('echo 2 > n2; git add -A; git commit -q --amend -m other', spec.path);
  const { head } = await importing();
  expect(world.sh(`git log --format=%s ${spec.branch}`)).toBe('other\nFirst commit');
  expect(world.sh(`git rev-parse ${spec.branch}`)).toBe(head);
});

test('detached HEAD and other branches: the work is where HEAD is', async () => {
  await world.agent('git checkout -q --detach; echo 1 > n1; git add -A; git commit -qm detached', spec.path);
  const first = await importing();
  expect(files(first.head)).toContain('n1');
  expect(first.notices?.join()).toMatch(/no branch/);
  await world.agent('git checkout -q -b mine; echo 2 > n2; git add -A; git commit -qm mine', spec.path);
  const second = await importing({ since: first.head });
  expect(files(second.head)).toContain('n2');
  expect(second.notices?.join()).toMatch(/another branch/);
});

test('an old commit checked out does not hide the branch', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm one; git checkout -q HEAD^', spec.path);
  expect(files((await importing()).head)).toContain('n1');
});

test('in the middle of a rebase the branch counts and no conflict is committed', async () => {
  await world.agent(
    'echo x > a.txt; git commit -qam one; git checkout -q -b up HEAD^; echo y > a.txt; git commit -qam two; git checkout -q gluon-task/run1; git rebase up >/dev/null 2>&1 || :',
    spec.path,
  );
  const { head, autoCommitted, notices } = await importing();
  expect(autoCommitted).toBe(false);
  expect(world.sh(`git show ${head}:a.txt`)).toBe('x');
  expect(notices?.join()).toMatch(/rebase/);
});

test('a conflict is not committed; a resolved merge is concluded with both parents', async () => {
  await world.agent(
    'echo x > a.txt; git commit -qam one; git checkout -q -b up HEAD^; echo y > a.txt; git commit -qam two; git checkout -q gluon-task/run1; git merge up >/dev/null 2>&1 || :',
    spec.path,
  );
  expect(await importing()).toMatchObject({ autoCommitted: false });
  await world.agent('echo both > a.txt; git add a.txt', spec.path);
  const { head } = await importing();
  expect(world.sh(`git log -1 --format=%P ${head}`).split(' ').length).toBe(2);
  expect(await world.agent('git status --porcelain; ls .git/MERGE_HEAD 2>/dev/null || :', spec.path)).toBe('');
});

test.each([
  ['removed', 'rm -rf .git'],
  ['replaced by a file', 'rm -rf .git; echo "gitdir: /nowhere" > .git'],
  ['replaced by a link', 'rm -rf .git; ln -s /etc .git'],
  ['without HEAD', 'rm .git/HEAD'],
  ['with a broken index', 'echo rubbish > .git/index'],
  ['with a broken configuration', 'echo "[[[" > .git/config'],
  ['without objects', 'rm -rf .git/objects'],
  ['with a truncated object', 'git add -A; git commit -qm w; for o in .git/objects/??/*; do chmod u+w $o; : > $o; done'],
  ['on a branch never born', 'git checkout -q --orphan nothing'],
])('git data %s: the files are taken all the same', async (_name, damage) => {
  await world.agent(`echo new > new.txt; ${damage}`, spec.path);
  const { head } = await importing();
  expect(files(head)).toEqual(['a.txt', 'dir/b.txt', 'new.txt']);
  expect(world.sh(`git merge-base ${head} main`)).toBe(spec.baseCommit);
});

test('a repository within is left out and named', async () => {
  await world.agent('mkdir sub; git init -q sub; echo x > sub/x; echo y > y', spec.path);
  const { head, notices } = await importing();
  expect(files(head)).toEqual(['a.txt', 'dir/b.txt', 'y']);
  expect(notices?.join()).toMatch(/sub\//);
});

test('a folder that became a link, a file that became a folder, and nothing but deletions are committed', async () => {
  await world.agent('rm -rf dir; ln -s /etc dir; rm a.txt; mkdir a.txt; echo x > a.txt/x', spec.path);
  const { head } = await importing();
  expect(world.sh(`git ls-tree -r --format='%(objectmode) %(path)' ${head}`)).toBe('100644 a.txt/x\n120000 dir');
  await world.agent('rm -r a.txt dir', spec.path);
  expect(files((await importing({ since: head })).head)).toEqual(['']);
});

test('a branch that is checked out somewhere is not moved under the person', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm one', spec.path);
  const first = await importing();
  world.sh(`git worktree add -q ../look ${spec.branch}`);
  await world.agent('echo 2 > n2; git add -A; git commit -qm two', spec.path);
  const second = await importing({ since: first.head });
  expect(second.notices?.join()).toMatch(/checked out in .*look/);
  expect(world.sh(`git rev-parse ${spec.branch} refs/gluon/runs/run1`).split('\n')).toEqual([first.head, second.head]);
});

test('a commit that a person put on the branch is not lost', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm one', spec.path);
  const { head } = await importing();
  const theirs = world.sh(`git commit-tree -p ${head} -m theirs ${head}^{tree}`);
  world.sh(`git update-ref refs/heads/${spec.branch} ${theirs}`);
  await world.agent('echo 2 > n2; git add -A; git commit -qm two', spec.path);
  const second = await importing({ since: head });
  expect(second.notices?.join()).toMatch(/Somebody else/);
  expect(world.sh(`git rev-parse ${spec.branch}`)).toBe(theirs);
});

test('limits on bytes and objects refuse the import and change nothing', async () => {
  await world.agent('head -c 300000 /dev/urandom > big; git add -A; git commit -qm big', spec.path);
  await expect(importing({ maxBytes: 100_000 })).rejects.toMatchObject({ code: 'import_refused' });
  await expect(importing({ maxObjects: 2 })).rejects.toMatchObject({ code: 'import_refused' });
  await world.agent('head -c 30000000 /dev/zero > bomb; git add -A; git commit -qm bomb', spec.path);
  await expect(importing({ maxBytes: 1_000_000 })).rejects.toThrow(/30000000 bytes/);
  expect(
    world.sh('git for-each-ref refs/gluon/runs refs/heads/gluon-task; ls .git/objects/pack; ls -d .git/objects/incoming* 2>/dev/null || :'),
  ).toBe('');
});

test('a rescue holds everything, and undelete puts it back as it was', async () => {
  await world.agent(
    'printf "ignored/\\n" > .gitignore; echo 1 > n1; git add -A; git commit -qm one; git branch other; echo st > a.txt; git stash -q; ' +
      'echo dirty >> a.txt; rm dir/b.txt; echo u > untracked; mkdir ignored; echo i > ignored/i; ln -s /etc/passwd link; chmod +x n1; mkdir sub; git init -q sub; echo s > sub/s; echo e > .env',
    spec.path,
  );
  const before = await world.agent('git status --porcelain=v1; git rev-parse HEAD', spec.path);
  const { ref, commit } = await world.git.rescue(
    { runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 50_000_000 },
    world.confined,
  );
  expect(world.sh(`git rev-parse ${ref}`)).toBe(commit);
  expect(files(commit)).toEqual(['.env', '.gitignore', 'a.txt', 'ignored/i', 'link', 'n1', 'sub/s', 'untracked']);
  expect(await world.git.rescueRefs(world.project)).toEqual([{ runId: 'run1', commit, at: expect.any(String) }]);
  await world.git.removeWorkingCopy(world.worktrees, spec.path);
  expect(existsSync(spec.path)).toBe(false);
  world.sh('git gc -q --prune=now');
  await world.git.undelete(spec);
  const after = await world.agent('git status --porcelain=v1; git rev-parse HEAD; git symbolic-ref HEAD', spec.path);
  expect(after.replace('?? sub/\n', '')).toBe(`${before.replace('?? sub/\n', '')}\nrefs/heads/${spec.branch}`);
  expect(await world.agent('cat ignored/i sub/s .env a.txt; readlink link', spec.path)).toBe('i\ns\ne\none\ndirty\n/etc/passwd');
  await world.git.deleteRunRefs(world.project, 'run1', ['rescue']);
  await expect(world.git.undelete({ ...spec, path: `${spec.path}x` })).rejects.toMatchObject({ code: 'nothing_to_undelete' });
});

test('a rescue leaves ignored files out when they are too many, and says so; unreadable ones are read', async () => {
  await world.agent(
    'printf "big\\n" > .gitignore; head -c 3000000 /dev/urandom > big; echo u > u; chmod 000 u; mkdir shut; echo s > shut/s; chmod 000 shut',
    spec.path,
  );
  const { commit } = await world.git.rescue(
    { runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 1_000_000 },
    world.confined,
  );
  expect(files(commit)).toEqual(['.gitignore', 'a.txt', 'dir/b.txt', 'shut/s', 'u']);
  expect(world.sh(`git log -1 --format=%B ${commit}`)).toMatch(/2\d{3} KiB were left out/);
});

test('a rescue works when the git data is gone', async () => {
  await world.agent('echo u > u; rm -rf .git', spec.path);
  const { commit } = await world.git.rescue(
    { runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 1_000_000 },
    world.confined,
  );
  expect(files(commit)).toEqual(['a.txt', 'dir/b.txt', 'u']);
});

test('objects of an import survive a collection by the person, and the next run can start from them', async () => {
  await world.agent('echo 1 > n1; git add -A; git commit -qm one', spec.path);
  const { head } = await importing();
  world.sh(`git branch -D -q ${spec.branch} && git reflog expire --expire=now --all && git gc -q --prune=now`);
  mkdirSync(join(world.folder, 'x'));
  writeFileSync(join(world.folder, 'x/y'), '');
  const again = await world.git.createWorkingCopy(world.copySpec('run2', { commit: head, baseCommit: head }));
  expect(world.sh('cat n1', again.path)).toBe('1');
});

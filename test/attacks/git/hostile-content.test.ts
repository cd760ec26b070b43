import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from '../../../src/adapters/git/cli/git.fixture.ts';
import type { RunConfined, WorkingCopySpec } from '../../../src/ports/git.ts';

let world: World;
let spec: WorkingCopySpec;
beforeEach(async () => {
  world = makeWorld();
  spec = world.copySpec('run1');
  await world.git.createWorkingCopy(spec);
});
afterEach(() => world.remove());

const importing = (confined: RunConfined = world.confined) =>
  world.git.importWork(
    {
      runId: 'run1',
      projectPath: world.project,
      workingCopy: spec.path,
      branch: spec.branch,
      since: spec.baseCommit,
      autoCommit: null,
      maxBytes: 10_000_000,
      maxObjects: 1000,
    },
    confined,
  );
const untouched = () =>
  expect(world.sh('git for-each-ref --format="%(refname)"; ls .git/objects/pack; ls -d .git/objects/incoming* 2>/dev/null || :')).toBe(
    'refs/gluon/base/run1\nrefs/heads/main',
  );

test.each([
  ['an address that is an option', '[submodule "a"]\n\tpath = a\n\turl = -u./payload\n'],
  ['a name that leaves the folder', '[submodule "../../x"]\n\tpath = a\n\turl = https://example.org/x\n'],
  ['a path that is an option', '[submodule "a"]\n\tpath = -x\n\turl = https://example.org/x\n'],
])('a .gitmodules with %s is refused; control: git takes it without the check', async (_name, text) => {
  writeFileSync(join(spec.path, '.gitmodules'), text);
  await world.agent('git add -A; git commit -qm modules', spec.path);
  await expect(importing()).rejects.toMatchObject({ code: 'import_refused' });
  untouched();
  world.sh(`git -c fetch.fsckObjects=false fetch -q ${spec.path} HEAD`);
});

test.each([
  ['a folder named .git', '040000 tree', '.git'],
  ['a folder named .GIT', '040000 tree', '.GIT'],
  ['a folder that Windows takes for .git', '040000 tree', 'git~1'],
  ['a name with a slash', '100644 blob', '../../escape'],
  ['a name of two dots', '040000 tree', '..'],
])('a tree with %s is refused', async (_name, type, name) => {
  await world.agent(
    `b=$(echo x | git hash-object -w --stdin); t=$(printf '100644 blob %s\\tf\\0' $b | git mktree -z); ` +
      `case '${type}' in *tree) o=$t; m=40000;; *) o=$b; m=100644;; esac; ` +
      `r=$({ printf '%s %s\\0' $m '${name}'; echo $o | sed 's/../\\\\x&/g' | xargs printf '%b'; } | git hash-object -t tree -w --stdin --literally); ` +
      `git update-ref HEAD $(git commit-tree -p HEAD -m evil $r)`,
    spec.path,
  );
  await expect(importing()).rejects.toMatchObject({ code: 'import_refused' });
  untouched();
});

test('links in a commit are data: not followed by reading, exporting or making the copy again', async () => {
  await world.agent(
    'ln -s /etc outside; ln -s /etc/passwd CLAUDE.md; ln -s ../../.. up; mkdir .claude; ln -s /etc/passwd .claude/settings.json; git add -A; git commit -qm links',
    spec.path,
  );
  const { head } = await importing();
  const into = join(world.folder, 'trusted');
  await world.git.exportTrustedConfig(world.project, head, into);
  expect(readdirSync(into)).toEqual([]);
  expect((await world.git.diff(world.project, spec.baseCommit, head, { offset: 0, limit: 500 })).text).not.toContain('root:');
  await world.git.removeWorkingCopy(world.worktrees, spec.path);
  await world.git.createWorkingCopy({ ...spec, commit: head });
  await world.git.removeWorkingCopy(world.worktrees, spec.path);
  expect(existsSync('/etc/passwd')).toBe(true);
});

test('a folder of the working copy swapped for a link does not lead the rescue outside', async () => {
  const secret = join(world.folder, 'secret');
  execFileSync('mkdir', [secret]);
  writeFileSync(join(secret, 'key'), 'TOP-SECRET');
  await world.agent(`rm -rf dir; ln -s '${secret}' dir`, spec.path);
  const { commit } = await world.git.rescue(
    { runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 10_000_000 },
    world.confined,
  );
  expect(world.sh(`git ls-tree ${commit} dir | cut -c1-6`)).toBe('120000');
});

test('objects that borrow from elsewhere on the host do not come in', async () => {
  const other = join(world.folder, 'other');
  const theirs = world.sh(`git init -q '${other}'; cd '${other}'; echo private > p; git add p; git commit -qm private; git rev-parse HEAD`);
  await world.agent(`echo '${other}/.git/objects' >> .git/objects/info/alternates; git update-ref HEAD ${theirs}`, spec.path);
  // Only the agent's own objects are sent, so the commit is not complete here.
  await expect(importing()).rejects.toMatchObject({ code: 'import_refused' });
  untouched();
});

test.each<[string, (tip: string) => Buffer]>([
  ['nothing', () => Buffer.alloc(0)],
  ['rubbish', () => Buffer.from('rubbish')],
  ['a commit that never came', () => Buffer.from(`gluon-pack ${'a'.repeat(40)}\n`)],
  ['an option in place of a commit', () => Buffer.from('gluon-pack --all\n')],
  ['a tree in place of a commit', (tree) => Buffer.from(`gluon-pack ${tree}\n`)],
  [
    'a pack of a billion objects',
    () => Buffer.concat([Buffer.from(`gluon-pack ${'a'.repeat(40)}\nPACK`), Buffer.from([0, 0, 0, 2, 0x3b, 0x9a, 0xca, 0])]),
  ],
  ['a cut pack', () => Buffer.concat([Buffer.from(`gluon-pack ${'a'.repeat(40)}\nPACK`), Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 0x91])])],
])('a sandbox that answers with %s changes nothing', async (_name, answer) => {
  const tree = world.sh('git rev-parse HEAD^{tree}');
  const lying: RunConfined = async (command) => {
    // A commit that the project does not have: what it has is not asked for.
    await command.dialogue?.answer(Buffer.from(`head ${'a'.repeat(40)}\0paths\0`));
    return { exitCode: 0, stdout: answer(tree), stderr: '' };
  };
  await expect(importing(lying)).rejects.toMatchObject({ code: 'import_refused' });
  untouched();
});

test('a root that is a link, and a way over a link, are not removed through', async () => {
  const inner = join(world.folder, 'inner');
  execFileSync('mkdir', ['-p', join(inner, 'wt-x')]);
  symlinkSync(inner, join(world.worktrees, 'link'));
  await expect(world.git.removeWorkingCopy(world.worktrees, join(world.worktrees, 'link/wt-x'))).rejects.toMatchObject({
    code: 'working_copy_failed',
  });
  expect(readdirSync(inner)).toEqual(['wt-x']);
});

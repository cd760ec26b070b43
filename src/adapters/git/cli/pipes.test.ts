import { afterEach, beforeEach, expect, test } from 'vitest';
import { isGluonError } from '../../../contract/errors.ts';
import type { RunConfined, WorkingCopySpec } from '../../../ports/git.ts';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
let spec: WorkingCopySpec;
beforeEach(async () => {
  world = makeWorld();
  spec = world.copySpec('run1');
  await world.git.createWorkingCopy(spec);
});
afterEach(() => world.remove());

const importing = (autoCommit: boolean, confined: RunConfined = world.confined) =>
  world.git.importWork(
    {
      runId: 'run1',
      projectPath: world.project,
      workingCopy: spec.path,
      branch: spec.branch,
      since: spec.baseCommit,
      autoCommit: autoCommit ? { message: 'Leftovers', exclude: [] } : null,
      maxBytes: 50_000_000,
      maxObjects: 10_000,
    },
    confined,
  );
const rescuing = (confined: RunConfined = world.confined) =>
  world.git.rescue({ runId: 'run1', projectPath: world.project, workingCopy: spec.path, maxBytes: 50_000_000 }, confined);
const files = (commit: string) => world.sh(`git ls-tree -r --name-only ${commit}`).split('\n');

/** A commit, a file that is in none, and pipes. */
const work = (pipes: string) =>
  plant(`echo 1 > n1; echo n >> dir/b.txt; git add -A; git commit -qm one; echo 2 > n2; echo m >> dir/b.txt; ${pipes}`);
const plant = (script: string) => world.agent(`pipe() { mkdir -p "$(dirname "$1")"; rm -f "$1"; mkfifo "$1"; }; ${script}`, spec.path);

test.each([
  ['.gitignore', 'pipe .gitignore'],
  ['.gitignore in a folder that cannot be written', 'pipe dir/.gitignore; chmod 555 dir'],
  ['.gitattributes in a folder that cannot be listed', 'pipe dir/.gitattributes; chmod 111 dir'],
  ['.gitattributes', 'pipe .gitattributes'],
  ['a branch', 'pipe .git/refs/heads/x'],
  ['a branch that leads to one outside', 'mkfifo ../pipe; ln -s ../../../../pipe .git/refs/heads/x'],
  ['what is ignored', 'pipe .git/info/exclude'],
  ['configuration', 'pipe .git/config'],
  ['configuration outside', 'mkfifo ../pipe; echo "[include] path = ../../pipe" >> .git/config'],
  ['the journal of HEAD', 'pipe .git/logs/HEAD'],
  ['the index', 'pipe .git/index'],
  ['packed objects', 'pipe .git/objects/pack/pack-x.idx; touch .git/objects/pack/pack-x.pack'],
  ['borrowed objects', 'pipe .git/objects/info/alternates'],
  ['HEAD of a repository within', 'pipe sub/.git/HEAD'],
  ['HEAD of a repository that a file leads to', 'pipe other/HEAD; mkdir -p sub; echo "gitdir: ../other" > sub/.git'],
])('a pipe in place of %s holds neither an import nor a rescue', { timeout: 90_000 }, async (_what, pipes) => {
  await work(pipes);
  const { head } = await importing(true);
  expect(files(head)).toEqual(expect.arrayContaining(['n1', 'n2']));
  expect(world.sh(`git log --format=%s ${head}`)).toBe('Leftovers\none\nFirst commit');
  await plant(`echo 3 > n3; rm -f ../pipe .git/refs/heads/x; chmod -f 755 dir; ${pipes}`);
  expect(files((await rescuing()).commit)).toEqual(expect.arrayContaining(['n1', 'n2', 'n3']));
});

test('that pipes were removed is said; and while the agent works none is', async () => {
  await work('pipe .gitattributes; pipe mine');
  const first = await importing(false);
  expect([files(first.head), first.notices]).toEqual([['a.txt', 'dir/b.txt', 'n1'], []]);
  expect(await world.agent('test -p mine && test -p .gitattributes && echo there', spec.path)).toBe('there');
  expect((await importing(true)).notices?.join()).toMatch(/Pipes/);
});

test('an object store of links is not read, and the files are taken all the same', { timeout: 60_000 }, async () => {
  await work('rm -rf .git/objects/pack; pipe ../away/pack-x.idx; touch ../away/pack-x.pack; ln -s ../../../away .git/objects/pack');
  expect(files((await importing(true)).head)).toEqual(['a.txt', 'dir/b.txt', 'n1', 'n2']);
});

test('what git waits for outside the working copy ends at the limit, which counts from the word, and is not tried again', {
  timeout: 60_000,
}, async () => {
  await work(
    'pipe ../away/pack/pack-x.idx; touch ../away/pack/pack-x.pack; mkdir -p .git/objects/info; echo "$PWD/../away" >> .git/objects/info/alternates',
  );
  let started = 0;
  const hasty: RunConfined = (command) => {
    started += 1;
    return world.confined({ ...command, args: command.args.map((arg) => (/^\d+$/.test(arg) ? '2' : arg)) });
  };
  for (const take of [() => importing(true, hasty), () => rescuing(hasty)]) {
    started = 0;
    const error = await take().catch((failure: unknown) => failure);
    expect([isGluonError(error) && error.code, started]).toEqual(['import_refused', 1]);
    expect(String(error)).toMatch(/within \d+ s/);
  }
  expect(await world.agent('ls -d .git/gluon.* 2>/dev/null || :', spec.path)).toBe('');
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorld, type World } from './git.fixture.ts';

let world: World;
let base: string;
beforeEach(() => {
  world = makeWorld();
  base = world.sh('git rev-parse HEAD');
});
afterEach(() => world.remove());

/** A commit on top of the base, made without touching the checkout; `script` changes the files. */
function change(script: string): string {
  world.sh(`rm -rf ../side && git worktree add -q --detach ../side ${base}`);
  const commit = world.sh(`${script}; git add -A; git commit -qm change; git rev-parse HEAD`, join(world.folder, 'side'));
  world.sh('git worktree remove --force ../side');
  return commit;
}
const merge = (head: string) =>
  world.git.mergeIntoBase({ projectPath: world.project, base: 'main', head, message: 'Merge the run\n\nBody', projectName: 'p' });

test('a clean checkout on the branch follows', async () => {
  const head = change('echo new > n; rm dir/b.txt');
  world.write('untracked', 'mine');
  const result = await merge(head);
  expect(result).toMatchObject({ kind: 'merged', checkout: 'updated' });
  expect(world.sh('git status --porcelain; cat n; git log -1 --format="%P%n%B"')).toBe(
    `?? untracked\nnew\n${base} ${head}\nMerge the run\n\nBody`,
  );
  expect(await merge(head)).toEqual({ kind: 'nothing' });
});

test.each([
  ['uncommitted changes', 'echo mine >> a.txt', /uncommitted/],
  ['staged changes', 'echo mine >> a.txt; git add a.txt', /uncommitted/],
  ['an untracked file in the way', 'echo mine > n', /in the way/],
  ['a merge under way', 'git rev-parse HEAD > .git/MERGE_HEAD', /under way/],
  ['a filter in its configuration', 'git config filter.x.smudge "touch fired"', /filters/],
])('a checkout with %s is left alone, and the sentence says how to bring it along', async (_name, script, why) => {
  const head = change('echo new > n');
  world.sh(script);
  const before = world.sh('cat a.txt; cat n 2>/dev/null || :');
  const result = await merge(head);
  expect(result).toMatchObject({ kind: 'merged', checkout: 'left_alone', sentence: expect.stringMatching(why) });
  expect(world.sh('cat a.txt; cat n 2>/dev/null || :')).toBe(before);
  expect(world.sh('git show main:n')).toBe('new');
});

test('the command in the sentence brings a dirty checkout along', async () => {
  const head = change('echo new > n');
  world.write('a.txt', 'mine\n');
  const result = await merge(head);
  const command = /bring it up: (git .*)$/.exec(result.kind === 'merged' ? result.sentence : '')?.[1] ?? 'false';
  world.sh(command);
  expect(world.sh('git status --porcelain; cat n a.txt')).toBe('M a.txt\nnew\nmine');
});

test('a filter that the change names leaves the checkout alone', async () => {
  const result = await merge(change('echo "*.bin filter=lfs" > .gitattributes'));
  expect(result).toMatchObject({ checkout: 'left_alone', sentence: expect.stringMatching(/filters/) });
});

test('a checkout on another branch or a branch shown in a linked worktree is not touched', async () => {
  world.sh('git checkout -q -b other');
  expect(await merge(change('echo 1 > n1'))).toMatchObject({ checkout: 'other_branch', sentence: expect.stringMatching(/other/) });
  world.sh('git worktree add -q ../linked main');
  expect(await merge(change('echo 2 > n2'))).toMatchObject({ checkout: 'left_alone', sentence: expect.stringMatching(/linked/) });
  expect(world.sh('git status --porcelain; ls')).toBe('a.txt\ndir');
});

test.each([
  ['content', 'echo theirs > a.txt', 'echo ours > a.txt', ['a.txt']],
  ['modify and delete', 'rm a.txt', 'echo ours > a.txt', ['a.txt']],
  ['rename and rename', 'git mv a.txt x.txt', 'git mv a.txt y.txt', ['a.txt', 'x.txt', 'y.txt']],
  ['binary', "printf '\\0a' > a.txt", "printf '\\0b' > a.txt", ['a.txt']],
  ['both added', 'echo 1 > n', 'echo 2 > n', ['n']],
  ['odd names', 'echo 1 > "$(printf \'x\\ny\')"', 'echo 2 > "$(printf \'x\\ny\')"', ['x\ny']],
])('a conflict of %s names the files and changes nothing', async (_name, theirs, ours, files) => {
  const head = change(theirs);
  const moved = world.sh(`${ours}; git add -A; git commit -qm ours; git rev-parse HEAD`);
  expect(await merge(head)).toEqual({ kind: 'conflict', files });
  expect(world.sh('git rev-parse main; git status --porcelain')).toBe(moved);
});

test('a base that does not exist is named', async () => {
  const call = world.git.mergeIntoBase({ projectPath: world.project, base: 'gone', head: base, message: 'm', projectName: 'p' });
  await expect(call).rejects.toMatchObject({ code: 'base_not_found' });
});

test('merges asked at the same moment both land', async () => {
  const heads = [change('echo 1 > n1'), change('echo 2 > n2'), change('echo 3 > n3')];
  const results = await Promise.all(heads.map(merge));
  expect(results.map(({ kind }) => kind)).toEqual(['merged', 'merged', 'merged']);
  expect(world.sh('ls; git status --porcelain')).toBe('a.txt\ndir\nn1\nn2\nn3');
});

test('drivers of the person named by the change are not run by merge, diff or import of content', async () => {
  const marker = join(world.folder, 'marker');
  const fire = join(world.folder, 'fire.sh');
  writeFileSync(fire, `#!/bin/sh\ntouch '${marker}'\ncat\n`, { mode: 0o755 });
  world.sh(`for k in diff.d.command diff.d.textconv merge.d.driver filter.d.clean filter.d.smudge; do git config $k ${fire}; done`);
  const head = change('echo x > a.txt');
  world.sh(
    `rm -f '${marker}'; echo '* diff=d merge=d filter=d' > .git/info/attributes; echo ours >> dir/b.txt; git commit -qam ours; rm -f '${marker}'`,
  );
  await world.git.diff(world.project, base, head, { offset: 0, limit: 100 });
  await world.git.changes(world.project, base, head);
  await merge(head);
  await world.git.createWorkingCopy(world.copySpec('run1'));
  expect(world.sh(`ls '${marker}' 2>/dev/null || :`)).toBe('');
  // Control: plain git runs it.
  world.sh(`git diff ${base} ${head}`);
  expect(world.sh(`ls '${marker}'`)).toBe(marker);
});

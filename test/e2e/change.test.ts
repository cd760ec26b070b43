/** Reading what a run changed: commits, files and diffs, also after its branch and working copy are gone. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diff } from '../../src/contract/git-resources.ts';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { cliProblem, finished, refusal } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let run: Run;

const FIRST = [
  "run printf '\\000\\001\\002' > bin.dat",
  'run git mv src/app.txt src/moved.txt',
  'run chmod +x README.md',
  'run rm src/old.txt',
  'run ln -s README.md link',
  'write häßlich.txt umlaut\\n',
  'commit All kinds of changes',
  'run seq 1 3000 > long.txt',
  'commit A long file',
].join('\n');

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository({
    'README.md': '# Sample\n',
    'src/app.txt': Array.from({ length: 30 }, (_, index) => `line ${index}\n`).join(''),
    'src/old.txt': 'gone soon\n',
  });
  await gluon.call('projects.add', { name: 'shop', path: repository });
  run = await finished(gluon, 'shop', FIRST);
});
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

test('every kind of change has its name', async () => {
  expect(run).toMatchObject({ commit_count: 2, outcome: 'completed' });
  const { items } = await gluon.call('runs.files', { run: run.id });
  const kinds = Object.fromEntries(items.map((file) => [file.path, file.change]));
  expect(kinds).toEqual({
    'README.md': 'mode',
    'bin.dat': 'added',
    'häßlich.txt': 'added',
    link: 'added',
    'long.txt': 'added',
    'src/moved.txt': 'renamed',
    'src/old.txt': 'deleted',
  });
  const named = (path: string) => items.find((file) => file.path === path);
  expect(named('bin.dat')).toMatchObject({ binary: true, insertions: null, deletions: null });
  expect(named('src/moved.txt')).toMatchObject({ old_path: 'src/app.txt' });
  expect(named('README.md')).toMatchObject({ old_mode: '100644', new_mode: '100755' });
  expect(named('link')).toMatchObject({ new_mode: '120000' });
  const shown = await gluon.cli('files', run.id, '--path', 'src');
  expect(shown.stdout).toContain('src/app.txt -> src/moved.txt');
  expect(shown.stdout).not.toContain('README.md');
});

test('commits, and one commit with its files', async () => {
  const { items } = await gluon.call('runs.commits', { run: run.id });
  expect(items.map((commit) => commit.subject)).toEqual(['A long file', 'All kinds of changes']);
  const [last, first] = items;
  expect(first?.parents).toEqual([run.base_commit]);
  const one = await gluon.call('runs.commit', { run: run.id, sha: last?.sha.slice(0, 10) ?? '' });
  expect(one.commit.sha).toBe(last?.sha);
  expect(one.files.map((file) => file.path)).toEqual(['long.txt']);
  expect((await gluon.cli('diff', run.id, '--commit', first?.sha ?? '', '--stat')).stdout).toContain('bin.dat');
  const foreign = await git(repository, 'rev-parse', 'main');
  expect(await refusal(gluon, 'GET', `/runs/${run.id}/commits/${foreign}`)).toMatchObject({ status: 404, code: 'commit_not_found' });
  expect(cliProblem(await gluon.cli('diff', run.id, '--commit', 'abcdef0', '--json'))).toMatchObject({ exit: 3, code: 'commit_not_found' });
});

describe('the diff', () => {
  test('comes in windows of whole lines that put together are the whole', async () => {
    const whole = await gluon.call('runs.diff', { run: run.id, limit: 20_000 });
    expect(whole.next_offset).toBeNull();
    expect(whole.text).toContain('+3000');
    expect(whole.text).toContain('Binary files /dev/null and b/bin.dat differ');
    expect(whole.text).toContain('rename to src/moved.txt');
    let text = '';
    let windows = 0;
    for (let offset: number | null = 0; offset !== null; windows += 1) {
      const part: Diff = await gluon.call('runs.diff', { run: run.id, offset, limit: 700 });
      expect(part.lines).toBeLessThanOrEqual(700);
      text += part.text;
      offset = part.next_offset;
    }
    expect(windows).toBeGreaterThan(3);
    expect(text).toBe(whole.text);
    expect((await gluon.json<Diff>('diff', run.id)).text).toBe(whole.text);
  });

  test('of one file, by its address and by the path', async () => {
    const by = await gluon.call('runs.diff', { run: run.id, path: 'README.md' });
    expect(by.text).toContain('new mode 100755');
    expect(by.text).not.toContain('long.txt');
    const answer = await gluon.raw('GET', `/runs/${run.id}/files/README.md/diff`);
    expect(answer).toMatchObject({ status: 200, body: { text: by.text } });
    const deep = await gluon.raw('GET', `/runs/${run.id}/files/src/moved.txt/diff`);
    expect((deep.body as Diff).text).toContain('src/moved.txt');
    expect((await gluon.call('runs.file_diff', { run: run.id, path: 'long.txt', limit: 10 })).lines).toBe(10);
    const umlaut = await gluon.call('runs.file_diff', { run: run.id, path: 'häßlich.txt' });
    expect(umlaut.text).toContain('+umlaut');
  });

  test.each(['../etc/passwd', '/etc/passwd', 'a//b', ''])('the path "%s" is refused', async (path) => {
    const told = await refusal(gluon, 'GET', `/runs/${run.id}/diff?path=${encodeURIComponent(path)}`);
    expect(told).toMatchObject({ status: 400, code: 'bad_request' });
  });

  test('--raw can be applied', async () => {
    const small = await finished(gluon, 'shop', 'write src/app.txt changed\\n\nwrite more.txt more\\n\ncommit Small');
    const raw = await gluon.cli('diff', small.id, '--raw');
    expect(raw.stdout.endsWith('\n')).toBe(true);
    expect(raw.stdout).toContain('+changed');
  });
});

test('since the last message to the agent: only what came after', async () => {
  await gluon.call('runs.resume', { run: run.id, prompt: 'write second.txt two\\n\ncommit The second' });
  run = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
  expect(run.commit_count).toBe(3);
  const since = await gluon.call('runs.files', { run: run.id, compare: 'checkpoint' });
  expect(since.items.map((file) => file.path)).toEqual(['second.txt']);
  expect((await gluon.cli('diff', run.id, '--since-last', '--stat')).stdout).toMatch(/second\.txt/);
  expect((await gluon.cli('diff', run.id, '--since-last')).stdout).not.toContain('long.txt');
});

test('everything can be read after branch and working copy are gone', async () => {
  const before = {
    commits: await gluon.call('runs.commits', { run: run.id }),
    files: await gluon.call('runs.files', { run: run.id }),
    diff: await gluon.call('runs.diff', { run: run.id, limit: 20_000 }),
  };
  await git(repository, 'branch', '-D', run.branch_name ?? '');
  await rm(run.worktree_path ?? '', { recursive: true });
  await git(repository, '-c', 'gc.reflogExpire=now', '-c', 'gc.pruneExpire=now', 'gc', '--quiet', '--prune=now');
  expect({
    commits: await gluon.call('runs.commits', { run: run.id }),
    files: await gluon.call('runs.files', { run: run.id }),
    diff: await gluon.call('runs.diff', { run: run.id, limit: 20_000 }),
  }).toEqual(before);
});

test('a resume makes the working copy again from what was kept', async () => {
  await gluon.call('runs.resume', { run: run.id, prompt: 'run ls\nwrite third.txt 3\ncommit The third' });
  const again = await gluon.until(run.id, (each) => each.attempts === 3 && each.status === 'review', 'it went on');
  expect(again).toMatchObject({ commit_count: 4, outcome: 'completed' });
  expect(await git(repository, 'ls-tree', '-r', '--name-only', again.branch_name ?? '')).toMatch(/second\.txt[\s\S]*third\.txt/);
});

test('a run that changed nothing', async () => {
  const idle = await finished(gluon, 'shop', 'say Nothing to do.');
  expect(await gluon.call('runs.commits', { run: idle.id })).toEqual({ items: [] });
  expect((await gluon.call('runs.diff', { run: idle.id })).text).toBe('');
  expect((await gluon.cli('diff', idle.id)).stdout).toBe('');
  expect((await gluon.cli('files', idle.id)).stdout).toContain('Nothing changed.');
});

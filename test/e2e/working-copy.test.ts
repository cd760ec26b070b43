/** Where runs work: their base, the person's own checkout when asked for, removal and return of working copies. */
import { access, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, temporaryFolder } from '../support/gluon.ts';
import { projectForEachTest } from '../support/project-for-each-test.ts';
import { commitFiles, git, writeFiles } from '../support/repository.ts';
import { cliProblem, eventTypes, finished, messages, refusal, submit, untilSaid } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let project: string;
projectForEachTest({ 'a.txt': 'a\n', '.gitignore': '*.log\n' }, (given) => {
  ({ gluon, repository, project } = given);
});

const there = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
const outputs = async (made: Run) => (await messages(gluon, made.id, 'tool_result')).map((record) => String(record.output).trim());

describe('the base', () => {
  test('a branch, a tag, a commit, HEAD~1; a commit that is no branch cannot be merged back without --into', async () => {
    const first = await git(repository, 'rev-parse', 'HEAD');
    await git(repository, 'tag', 'v1');
    await commitFiles(repository, { 'b.txt': 'b\n' }, 'Second');
    for (const base of ['v1', first, 'HEAD~1']) {
      expect(await finished(gluon, project, 'say x', { base })).toMatchObject({ base_commit: first, base_branch: null });
    }
    const made = await gluon.json<Run>('run', project, 'write c.txt c\ncommit C', '--agent', 'fake', '--base', 'v1');
    expect(cliProblem(await gluon.cli('merge', made.id, '--json'))).toMatchObject({ code: 'base_not_found' });
    expect((await gluon.call('runs.merge', { run: made.id, into: 'main' })).checkout).toBe('updated');
  });

  test('a detached HEAD is a base', async () => {
    const first = await git(repository, 'rev-parse', 'HEAD');
    await git(repository, 'checkout', '--quiet', '--detach');
    const made = await finished(gluon, project, 'write c.txt c\ncommit C');
    expect(made).toMatchObject({ base_commit: first, base_branch: null, commit_count: 1 });
    expect(await gluon.call('git.status', { project })).toMatchObject({ detached: true, branch: null });
    expect(await git(repository, 'rev-parse', 'HEAD')).toBe(first);
  });

  test('--include-uncommitted starts from the dirty state and does not touch it', async () => {
    await writeFiles(repository, { 'a.txt': 'edited\n', 'untracked.txt': 'new\n', 'noise.log': 'ignored\n', 'staged.txt': 'staged\n' });
    await git(repository, 'add', 'staged.txt');
    const look = async () => [
      await git(repository, 'status', '--porcelain', '--ignored'),
      await git(repository, 'ls-files', '--stage'),
      await git(repository, 'stash', 'list'),
    ];
    const before = await look();
    const made = await gluon.json<Run>(
      'run',
      project,
      'run cat a.txt untracked.txt staged.txt; ls',
      '--agent',
      'fake',
      '--include-uncommitted',
    );
    expect((await outputs(made))[0]).toBe('edited\nnew\nstaged\na.txt\nstaged.txt\nuntracked.txt');
    expect(await look()).toEqual(before);
    expect(made.base_commit).not.toBe(await git(repository, 'rev-parse', 'HEAD'));
    expect(await git(repository, 'rev-parse', `${made.base_commit}^`)).toBe(await git(repository, 'rev-parse', 'HEAD'));
    const plain = await finished(gluon, project, 'run cat a.txt');
    expect(await outputs(plain)).toEqual(['a']);
  });
});

test('--no-worktree works in the files of the checkout, says so, and keeps out of its git folder', async () => {
  const script = [
    'write here.txt here\\n',
    'run echo "[alias]" >> .git/config || echo refused',
    'run git add here.txt && git commit -qm Here || echo not committed',
    'run touch .git/hooks/post-checkout || echo no hook',
  ].join('\n');
  const made = await gluon.json<Run>('run', project, script, '--agent', 'fake', '--no-worktree');
  expect(made).toMatchObject({ use_worktree: false, worktree_path: repository, branch_name: 'main', status: 'review', commit_count: 0 });
  expect(await readFile(join(repository, 'here.txt'), 'utf8')).toBe('here\n');
  expect((await outputs(made)).join()).toMatch(/refused[\s\S]*not committed[\s\S]*no hook/);
  expect(await readFile(join(repository, '.git', 'config'), 'utf8')).not.toContain('alias');
  expect(await git(repository, 'status', '--porcelain')).toBe('?? here.txt');
  expect(cliProblem(await gluon.cli('merge', made.id, '--json'))).toMatchObject({ code: 'nothing_to_merge' });
  await gluon.call('runs.move', { run: made.id, status: 'completed' });
  await gluon.call('runs.archive', { run: made.id });
  await gluon.call('worktrees.gc', {});
  expect(await there(join(repository, 'here.txt'))).toBe(true);
});

test('a project may keep its working copies elsewhere; they are listed, removed and brought back there', async () => {
  const root = await temporaryFolder('copies');
  await gluon.call('projects.update', { project, worktree_root: root });
  const made = await finished(gluon, project, 'say x');
  expect(made.worktree_path).toBe(join(root, `wt-${made.id.slice(0, 8)}`));
  expect((await gluon.cli('open', made.id)).stdout.trim()).toBe(made.worktree_path);
  await writeFiles(root, { 'my-own-folder/file.txt': 'mine\n' });
  await gluon.call('runs.move', { run: made.id, status: 'completed' });
  await gluon.call('runs.archive', { run: made.id });
  const listed = (await gluon.call('worktrees.list', {})).items.filter((item) => item.path.startsWith(root));
  expect(listed).toMatchObject([{ path: made.worktree_path, run_id: made.id, state: 'expired' }]);
  expect((await gluon.call('worktrees.gc', {})).removed).toContain(made.worktree_path);
  expect(await there(join(root, 'my-own-folder', 'file.txt'))).toBe(true);
  expect((await gluon.call('runs.undelete', { run: made.id })).worktree_path).toBe(made.worktree_path);
  await rm(root, { recursive: true });
});

describe('removal and return', () => {
  const SCRIPT = [
    'write a.txt changed\\n',
    'commit A commit',
    'write a.txt not committed\\n',
    'write untracked/deep.txt untracked\\n',
    'write ignored.log ignored\\n',
    'write .env SECRET=1\\n',
    'run chmod 755 untracked/deep.txt && ln -s a.txt link && git branch side && git stash list',
  ].join('\n');

  async function archived(prompt: string): Promise<Run> {
    // Left uncommitted, so that the rescue has to keep it.
    await commitFiles(repository, { '.gluon.yml': 'auto_commit: false\nteardown: echo bye\n' }, 'Project file');
    const made = await finished(gluon, project, prompt);
    await gluon.call('runs.move', { run: made.id, status: 'completed' });
    return gluon.call('runs.archive', { run: made.id });
  }

  test('gc names what it would take, takes it, and undelete brings everything back', async () => {
    const made = await archived(SCRIPT);
    const path = made.worktree_path ?? '';
    const listed = (await gluon.call('worktrees.list', {})).items.find((item) => item.run_id === made.id);
    expect(listed).toMatchObject({ path, state: 'expired' });
    expect((await gluon.json<{ removed: string[] }>('worktree', 'gc', '--dry-run')).removed).toContain(path);
    expect(await there(path)).toBe(true);
    expect((await gluon.json<{ items: { id: string }[] }>('cleanup', '-n')).items.map((item) => item.id)).toContain(made.id);
    const branch = await git(path, 'rev-parse', 'side');
    expect((await gluon.call('worktrees.gc', {})).removed).toContain(path);
    expect(await there(path)).toBe(false);
    expect((await gluon.call('runs.get', { run: made.id })).worktree_path).toBeNull();
    expect(cliProblem(await gluon.cli('open', made.id, '--json'))).toMatchObject({ exit: 3, code: 'file_not_found' });
    expect(await git(repository, 'for-each-ref', '--format=%(refname)', 'refs/gluon/rescue')).toBe(`refs/gluon/rescue/${made.id}`);

    const back = await gluon.json<Run>('undelete', made.id);
    expect(back.worktree_path).toBe(path);
    const text = (name: string) => readFile(join(path, name), 'utf8');
    expect(await text('a.txt')).toBe('not committed\n');
    expect(await text('untracked/deep.txt')).toBe('untracked\n');
    expect(await text('ignored.log')).toBe('ignored\n');
    expect(await text('.env')).toBe('SECRET=1\n');
    expect(await readlink(join(path, 'link'))).toBe('a.txt');
    expect(await git(path, 'log', '-1', '--format=%s')).toBe('A commit');
    expect(await git(path, 'status', '--porcelain')).toMatch(/M a\.txt/);
    expect(await git(path, 'cat-file', '-t', branch)).toBe('commit');
    expect(await eventTypes(gluon, made.id)).toEqual(
      expect.arrayContaining(['working_copy.removed', 'working_copy.restored', 'working_copy.script_ended']),
    );
    expect(await refusal(gluon, 'POST', `/runs/${made.id}/undelete`)).toMatchObject({ status: 404, code: 'nothing_to_undelete' });
    // And it goes on there.
    await gluon.call('runs.resume', { run: made.id, prompt: 'run cat a.txt ignored.log' });
    await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect((await outputs(made)).at(-1)).toBe('not committed\nignored');
  });

  test('cleanup does what its preview said', async () => {
    const made = await archived('write x.txt x\\n');
    const ofThis = ({ items }: { items: { id: string; path: string | null }[] }) =>
      items.filter((item) => item.id === made.id).map((item) => item.path);
    expect(ofThis(await gluon.call('cleanup.preview', {}))).toEqual([made.worktree_path]);
    expect(ofThis(await gluon.json<{ items: { id: string; path: string }[] }>('cleanup', '-f'))).toEqual([made.worktree_path]);
    expect(await there(made.worktree_path ?? '')).toBe(false);
    expect(ofThis(await gluon.call('cleanup.run', {}))).toEqual([]);
    expect((await gluon.call('runs.undelete', { run: made.id })).worktree_path).toBe(made.worktree_path);
  });

  test('what a run still needs, and what no run knows, stays', async () => {
    const live = await submit(gluon, project, 'say Here.\nhang');
    await untilSaid(gluon, live.id, 'Here.');
    const review = await finished(gluon, project, 'say x');
    const orphan = join(gluon.home, 'worktrees', 'wt-0badf00d');
    await writeFiles(orphan, { 'somebody.txt': 'work\n' });
    const { kept, removed } = await gluon.call('worktrees.gc', {});
    const running = await gluon.call('runs.get', { run: live.id });
    expect(kept).toEqual(expect.arrayContaining([running.worktree_path, review.worktree_path, orphan]));
    expect(removed).toEqual([]);
    const states = Object.fromEntries((await gluon.call('worktrees.list', {})).items.map((item) => [item.path, item.state]));
    expect(states[orphan]).toBe('orphan');
    expect(states[review.worktree_path ?? '']).toBe('active');
    await gluon.call('runs.cancel', { run: live.id });
  });

  test('where the repository is gone, a working copy stays, and the preview does not promise otherwise', async () => {
    const made = await archived('write x.txt x\\n');
    await rename(repository, `${repository}-away`);
    const { items } = await gluon.call('cleanup.preview', {});
    expect(items.map((item) => item.id)).not.toContain(made.id);
    expect((await gluon.call('worktrees.gc', {})).kept).toContain(made.worktree_path);
    expect((await gluon.call('worktrees.list', {})).items.find((item) => item.run_id === made.id)?.reason).toContain('repository');
    await rename(`${repository}-away`, repository);
    expect((await gluon.call('worktrees.gc', {})).removed).toContain(made.worktree_path);
  });

  test('a working copy that cannot be rescued stays', async () => {
    const made = await archived('write x.txt x\\n');
    const path = made.worktree_path ?? '';
    await rm(join(path, '.git'), { recursive: true });
    await symlink('/etc', join(path, '.git'));
    const { removed, kept } = await gluon.call('worktrees.gc', {});
    if (removed.includes(path)) expect((await gluon.call('runs.undelete', { run: made.id })).worktree_path).toBe(path);
    else expect(kept).toContain(path);
    expect(await readFile(join(path, 'x.txt'), 'utf8')).toBe('x\n');
  });

  test('removing a project rescues the work of its runs and leaves the repository as it is', async () => {
    const made = await archived('write x.txt x\ncommit X\nwrite y.txt y\\n');
    const active = await finished(gluon, project, 'say x');
    expect(cliProblem(await gluon.cli('project', 'remove', project, '-f', '--json'))).toMatchObject({ exit: 4, code: 'project_busy' });
    await gluon.call('runs.move', { run: active.id, status: 'failed' });
    const head = await git(repository, 'rev-parse', 'HEAD');
    expect((await gluon.cli('project', 'remove', project, '-f')).code).toBe(0);
    expect(await refusal(gluon, 'GET', `/runs/${made.id}`)).toMatchObject({ status: 404, code: 'run_not_found' });
    expect(await refusal(gluon, 'GET', `/projects/${project}`)).toMatchObject({ status: 404, code: 'project_not_found' });
    expect(await there(made.worktree_path ?? '')).toBe(false);
    expect(await git(repository, 'rev-parse', 'HEAD')).toBe(head);
    expect(await git(repository, 'rev-parse', made.branch_name ?? '')).toBe(made.head_commit);
    expect(await git(repository, 'show', `refs/gluon/rescue/${made.id}:y.txt`)).toBe('y');
    for (const folder of ['logs', 'sessions', 'trusted']) expect(await there(join(gluon.home, folder, made.id))).toBe(false);
  });
});

test('a working copy that somebody broke is a named failure', async () => {
  const made = await finished(gluon, project, 'say x');
  await rm(made.worktree_path ?? '', { recursive: true });
  await writeFile(made.worktree_path ?? '', 'a file in its place');
  await gluon.call('runs.resume', { run: made.id, prompt: 'say x' });
  const failed = await gluon.until(
    made.id,
    (each) => each.attempts === 2 && each.status !== 'running' && each.status !== 'pending',
    'it ends',
  );
  expect(failed).toMatchObject({ status: 'failed', outcome: 'workspace_failed' });
  await rm(made.worktree_path ?? '');
  await gluon.call('runs.move', { run: made.id, status: 'pending' });
  expect((await gluon.until(made.id, (each) => each.attempts === 3 && each.status === 'review', 'it works again')).outcome).toBe(
    'completed',
  );
});

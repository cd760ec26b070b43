/** Bringing changes in: merge, branches, and the commands that speak with a remote. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { GitStatus, MergeResult } from '../../src/contract/git-resources.ts';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, temporaryFolder } from '../support/gluon.ts';
import { projectForEachTest } from '../support/project-for-each-test.ts';
import { commitFiles, git } from '../support/repository.ts';
import { cliProblem, eventTypes, finished, refusal, submit, untilSaid } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let project: string;
projectForEachTest({ 'a.txt': '1\n2\n3\n', 'b.txt': 'b\n' }, (given) => {
  ({ gluon, repository, project } = given);
});

const change = (text = 'agent') => finished(gluon, project, `write a.txt ${text}\\n\ncommit Change a`);
const merge = (run: Run, more: { into?: string; message?: string } = {}) => gluon.call('runs.merge', { run: run.id, ...more });

describe('merge', () => {
  test('a clean checkout follows; the message can be chosen; a second merge finds it there', async () => {
    const run = await change();
    const merged = await merge(run, { message: 'Take it in' });
    expect(merged.checkout).toBe('updated');
    expect(await readFile(join(repository, 'a.txt'), 'utf8')).toBe('agent\n');
    expect(await git(repository, 'status', '--porcelain')).toBe('');
    expect(await git(repository, 'log', '-1', '--format=%s')).toBe('Take it in');
    expect((await gluon.json<MergeResult>('merge', run.id)).sentence).toContain('holds this change already');
    expect(await git(repository, 'rev-parse', 'main')).toBe(merged.commit);
  });

  test('a dirty checkout is left alone to the letter, and the sentence says how to bring it along', async () => {
    const run = await change();
    await writeFile(join(repository, 'b.txt'), 'my own edit\n');
    await writeFile(join(repository, 'untracked.txt'), 'mine\n');
    await git(repository, 'add', 'b.txt');
    const merged = await gluon.json<MergeResult>('merge', run.id);
    expect(merged.checkout).toBe('left_alone');
    expect(merged.sentence).toContain('uncommitted changes');
    expect(await readFile(join(repository, 'a.txt'), 'utf8')).toBe('1\n2\n3\n');
    expect(await readFile(join(repository, 'b.txt'), 'utf8')).toBe('my own edit\n');
    expect(await git(repository, 'show', 'main:a.txt')).toBe('agent');
    // The command of the sentence does what it says.
    const [, command = ''] = /bring it up: git -C \S+ (.*)$/.exec(merged.sentence) ?? [];
    await git(repository, ...command.split(' '));
    expect(await readFile(join(repository, 'a.txt'), 'utf8')).toBe('agent\n');
    expect(await readFile(join(repository, 'b.txt'), 'utf8')).toBe('my own edit\n');
    expect(await git(repository, 'status', '--porcelain')).toBe('M  b.txt\n?? untracked.txt');
  });

  test('a checkout of another branch is not touched; --into another branch', async () => {
    const run = await change();
    await git(repository, 'checkout', '--quiet', '-b', 'mine');
    expect((await merge(run)).checkout).toBe('other_branch');
    expect(await git(repository, 'show', 'main:a.txt')).toBe('agent');
    expect(await readFile(join(repository, 'a.txt'), 'utf8')).toBe('1\n2\n3\n');
    const other = await finished(gluon, project, 'write c.txt c\ncommit C', { base: 'main' });
    expect((await gluon.json<MergeResult>('merge', other.id, '--into', 'mine')).base).toBe('mine');
    expect(await git(repository, 'show', 'mine:c.txt')).toBe('c');
    expect(await refusal(gluon, 'POST', `/runs/${other.id}/merge`, { into: 'nothing' })).toMatchObject({
      status: 404,
      code: 'branch_not_found',
    });
  });

  test('the base moved without conflict: both sides are in', async () => {
    const run = await change();
    await commitFiles(repository, { 'b.txt': 'meanwhile\n' }, 'Meanwhile');
    expect((await merge(run)).checkout).toBe('updated');
    expect(await git(repository, 'show', 'main:a.txt')).toBe('agent');
    expect(await git(repository, 'show', 'main:b.txt')).toBe('meanwhile');
  });

  test('a conflict names its files, changes nothing, and the run stays in Review', async () => {
    const run = await finished(gluon, project, 'write a.txt agent\\n\nwrite b.txt agent\\n\ncommit Both');
    await commitFiles(repository, { 'a.txt': 'person\n', 'b.txt': 'person\n' }, 'Meanwhile');
    const head = await git(repository, 'rev-parse', 'main');
    const told = await refusal(gluon, 'POST', `/runs/${run.id}/merge`, {});
    expect(told).toMatchObject({ status: 409, code: 'merge_conflict' });
    expect(told.detail).toMatch(/a\.txt, b\.txt/);
    const cli = await gluon.cli('merge', run.id);
    expect(cli.code).toBe(1);
    expect(cli.stderr).toContain('a.txt');
    expect(await git(repository, 'rev-parse', 'main')).toBe(head);
    expect(await git(repository, 'status', '--porcelain')).toBe('');
    expect((await gluon.call('runs.get', { run: run.id })).status).toBe('review');
    expect(await eventTypes(gluon, run.id)).toContain('run.merge_refused');
  });

  test('nothing to merge; a run that runs', async () => {
    const idle = await finished(gluon, project, 'say x');
    expect(cliProblem(await gluon.cli('merge', idle.id, '--json'))).toMatchObject({ exit: 4, code: 'nothing_to_merge' });
    const live = await submit(gluon, project, 'say Here.\nhang');
    await untilSaid(gluon, live.id, 'Here.');
    expect(await refusal(gluon, 'POST', `/runs/${live.id}/merge`, {})).toMatchObject({ status: 409, code: 'run_live' });
    await gluon.call('runs.cancel', { run: live.id });
  });
});

describe('branches', () => {
  test('listed with their runs; only those of Gluon can be renamed or deleted', async () => {
    const run = await change();
    const own = run.branch_name ?? '';
    const all = (await gluon.call('branches.list', { project })).items;
    expect(all.map((branch) => branch.name).sort()).toEqual([own, 'main'].sort());
    expect(all.find((branch) => branch.name === own)).toMatchObject({
      run_id: run.id,
      merged: false,
      current: false,
      commit: run.head_commit,
    });
    expect(
      (await gluon.json<{ items: { name: string }[] }>('branch', 'list', project, '--mine')).items.map((branch) => branch.name),
    ).toEqual([own]);
    expect(cliProblem(await gluon.cli('branch', 'delete', project, 'main', '-f', '--json'))).toMatchObject({
      exit: 4,
      code: 'branch_protected',
    });
    expect(cliProblem(await gluon.cli('branch', 'rename', project, 'main', 'other', '--json'))).toMatchObject({
      exit: 4,
      code: 'branch_protected',
    });
    expect(await refusal(gluon, 'POST', `/projects/${project}/branches/delete`, { name: 'nothing' })).toMatchObject({
      status: 404,
      code: 'branch_not_found',
    });
    expect(await refusal(gluon, 'POST', `/projects/${project}/branches/rename`, { from: own, to: 'main' })).toMatchObject({
      status: 409,
      code: 'branch_exists',
    });
    expect(await refusal(gluon, 'POST', `/projects/${project}/branches/rename`, { from: own, to: '-x..y' })).toMatchObject({
      status: 400,
      code: 'branch_name_invalid',
    });
  });

  test('a renamed branch stays that of its run, also when it goes on; a deleted one leaves the commits readable', async () => {
    const run = await change();
    expect((await gluon.cli('branch', 'rename', project, run.branch_name ?? '', 'feature/new-name')).code).toBe(0);
    expect((await gluon.call('runs.get', { run: run.id })).branch_name).toBe('feature/new-name');
    await gluon.call('runs.resume', { run: run.id, prompt: 'write more.txt more\ncommit More' });
    const again = await gluon.until(run.id, (each) => each.attempts === 2 && each.status === 'review', 'it went on');
    expect(await git(repository, 'rev-parse', 'feature/new-name')).toBe(again.head_commit);
    expect(again.commit_count).toBe(2);
    expect((await gluon.cli('branch', 'delete', project, 'feature/new-name', '-f')).code).toBe(0);
    expect(await git(repository, 'branch', '--list', 'feature/*')).toBe('');
    expect((await gluon.call('runs.commits', { run: run.id })).items.length).toBe(2);
    expect((await merge(again)).checkout).toBe('updated');
  });

  test('the branch of a run that runs is left alone', async () => {
    const live = await submit(gluon, project, 'write x.txt x\ncommit X\nsay Here.\nhang');
    await untilSaid(gluon, live.id, 'Here.');
    const name = live.branch_name ?? '';
    await gluon.until(live.id, (each) => each.head_commit !== null, 'its commit came home while it runs');
    expect(await refusal(gluon, 'POST', `/projects/${project}/branches/delete`, { name })).toMatchObject({ status: 409, code: 'run_live' });
    expect(await refusal(gluon, 'POST', `/projects/${project}/branches/rename`, { from: name, to: 'y' })).toMatchObject({
      status: 409,
      code: 'run_live',
    });
    await gluon.call('runs.cancel', { run: live.id });
  });
});

describe('with a remote', () => {
  let remote: string;
  let colleague: string;
  beforeEach(async () => {
    remote = await temporaryFolder('remote');
    colleague = await temporaryFolder('colleague');
    await git(remote, 'init', '--quiet', '--bare', '--initial-branch=main');
    await git(repository, 'remote', 'add', 'origin', remote);
    await git(repository, 'push', '--quiet', '--set-upstream', 'origin', 'main');
    await git(colleague, 'clone', '--quiet', remote, '.');
    return async () => {
      await rm(remote, { recursive: true, force: true });
      await rm(colleague, { recursive: true, force: true });
    };
  });
  const theirs = async (text: string): Promise<string> => {
    const commit = await commitFiles(colleague, { 'b.txt': `${text}\n` }, text);
    await git(colleague, 'push', '--quiet', 'origin', 'main');
    return commit;
  };

  test('status, fetch and sync: behind is seen after a fetch only, and caught up with', async () => {
    const first = await gluon.json<GitStatus>('git', 'status', project);
    expect(first).toMatchObject({ branch: 'main', ahead: 0, behind: 0, uncommitted: 0, fetched_at: null, detached: false, remote });
    const commit = await theirs('theirs');
    expect((await gluon.call('git.status', { project })).behind).toBe(0);
    const fetched = await gluon.json<GitStatus>('git', 'fetch', project);
    expect(fetched).toMatchObject({ behind: 1, ahead: 0 });
    expect(fetched.fetched_at).not.toBeNull();
    expect(await gluon.json<GitStatus>('git', 'sync', project)).toMatchObject({ behind: 0, ahead: 0, head: commit });
    expect(await readFile(join(repository, 'b.txt'), 'utf8')).toBe('theirs\n');
    expect(await gluon.call('git.fetch', { project })).toMatchObject({ behind: 0 });
  });

  test('sync is refused when it would have to merge, or when the checkout is dirty', async () => {
    await theirs('theirs');
    await writeFile(join(repository, 'b.txt'), 'mine\n');
    expect(cliProblem(await gluon.cli('git', 'sync', project, '--json'))).toMatchObject({ exit: 4, code: 'checkout_dirty' });
    expect(await readFile(join(repository, 'b.txt'), 'utf8')).toBe('mine\n');
    await git(repository, 'commit', '--quiet', '--all', '--message', 'Mine');
    expect(await refusal(gluon, 'POST', `/projects/${project}/git/sync`)).toMatchObject({ status: 409, code: 'git_diverged' });
  });

  test('push sends a branch, and never by force', async () => {
    const run = await change();
    await merge(run);
    const pushed = await gluon.json<{ branch: string; commit: string }>('git', 'push', project);
    expect(pushed).toMatchObject({ branch: 'main', commit: await git(repository, 'rev-parse', 'main') });
    expect(await git(remote, 'rev-parse', 'main')).toBe(pushed.commit);
    await gluon.call('git.push', { project, branch: run.branch_name ?? '' });
    expect(await git(remote, 'rev-parse', run.branch_name ?? '')).toBe(run.head_commit);
    await git(colleague, 'pull', '--quiet', 'origin', 'main');
    const theirCommit = await theirs('theirs');
    await commitFiles(repository, { 'a.txt': 'mine\n' }, 'Mine');
    expect(cliProblem(await gluon.cli('git', 'push', project, '--json'))).toMatchObject({ exit: 4, code: 'git_diverged' });
    expect(await git(remote, 'rev-parse', 'main')).toBe(theirCommit);
    expect(await refusal(gluon, 'POST', `/projects/${project}/git/push`, { branch: '--force' })).toMatchObject({
      status: 400,
      code: 'branch_name_invalid',
    });
  });
});

test('without a remote, fetch, sync and push say so', async () => {
  for (const verb of ['fetch', 'sync', 'push']) {
    expect({ verb, ...cliProblem(await gluon.cli('git', verb, project, '--json')) }).toMatchObject({ verb, exit: 4, code: 'no_remote' });
  }
  expect(await gluon.call('git.status', { project })).toMatchObject({ remote: null, ahead: null, behind: null });
});

/** What is refused: each with its code and exit code through both doors, a sentence that says what to do, and nothing half-made. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '../../src/contract/errors.ts';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { commitFiles, git, sampleRepository } from '../support/repository.ts';
import { cliProblem, finished, refusal, submit, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let folder: string;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository();
  folder = await temporaryFolder('odd');
  await gluon.call('projects.add', { name: 'shop', path: repository });
});
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

/** Everything that a refused request could have left behind. */
async function traces(): Promise<unknown> {
  return {
    projects: (await gluon.call('projects.list', {})).items.length,
    runs: (await gluon.call('runs.list', { limit: 500, archived: true })).items.length,
    worktrees: (await gluon.call('worktrees.list', {})).items.length,
    refs: await git(repository, 'for-each-ref', '--format=%(refname)'),
    checkout: await git(repository, 'status', '--porcelain'),
    events: (await gluon.call('activity.list', { type: 'run.created', limit: 500 })).items.length,
  };
}

type Request = readonly [method: string, path: string, body?: unknown];

async function expectRefused(code: ErrorCode, request: Request, argv: string[], named?: string | RegExp): Promise<void> {
  const before = await traces();
  const rest = await refusal(gluon, ...request);
  expect(rest).toMatchObject({ status: ERRORS[code].status, code });
  expect(rest.detail.length).toBeGreaterThan(10);
  expect(rest.action.length).toBeGreaterThan(5);
  if (named !== undefined) expect(rest.detail).toMatch(named);
  const cli = cliProblem(await gluon.cli(...argv, '--json'));
  expect(cli).toMatchObject({ exit: ERRORS[code].exit, code, sentence: rest.detail, action: rest.action });
  const plain = await gluon.cli(...argv);
  expect(plain.stderr).toContain(rest.action.slice(0, 20));
  expect(plain.stdout).toBe('');
  expect(await traces()).toEqual(before);
}

const runRequest = (body: object): Request => ['POST', '/runs', { project: 'shop', prompt: 'say x', agent: 'fake', ...body }];
const runCommand = (...flags: string[]): string[] => ['run', 'shop', 'say x', '--agent', 'fake', '-b', ...flags];

describe('projects', () => {
  const add = (name: string, path: string, code: ErrorCode, named?: string | RegExp) =>
    expectRefused(code, ['POST', '/projects', { name, path }], ['project', 'add', name, path], named);

  test('unknown; taken; a name that is none', async () => {
    await expectRefused('project_not_found', ['GET', '/projects/nothing'], ['project', 'show', 'nothing'], 'nothing');
    await expectRefused('project_not_found', ['POST', '/runs', { project: 'nothing', prompt: 'x' }], ['run', 'nothing', 'x', '-b']);
    await add('shop', repository, 'project_exists');
    await add('no spaces please', repository, 'project_name_invalid');
  });

  test('a path that is not there, a file, a folder without repository, a relative path', async () => {
    await add('one', '/there/is/nothing', 'path_not_found', '/there/is/nothing');
    await writeFile(join(folder, 'file'), 'x');
    await add('one', join(folder, 'file'), 'path_not_found');
    const plain = await temporaryFolder('plain');
    await add('one', plain, 'not_a_repository', plain);
    await rm(plain, { recursive: true });
    expect(await refusal(gluon, 'POST', '/projects', { name: 'one', path: 'relative/path' })).toMatchObject({ code: 'path_not_found' });
  });

  test('empty, bare, shallow, partial repositories', async () => {
    const at = (name: string) => join(folder, name);
    await git(folder, 'init', '--quiet', 'empty');
    await add('one', at('empty'), 'repository_empty');
    await git(folder, 'clone', '--quiet', '--bare', repository, 'bare');
    await add('one', at('bare'), 'repository_bare');
    await commitFiles(repository, { 'more.txt': 'x\n' }, 'More');
    await git(folder, 'clone', '--quiet', '--depth=1', `file://${repository}`, 'shallow');
    await add('one', at('shallow'), 'repository_shallow');
    await git(repository, 'config', 'uploadpack.allowFilter', 'true');
    await git(folder, 'clone', '--quiet', '--filter=blob:none', `file://${repository}`, 'partial');
    await add('one', at('partial'), 'repository_partial');
    await git(repository, 'config', '--unset', 'uploadpack.allowFilter');
  });

  test('a repository that is gone when it is needed', async () => {
    const gone = await sampleRepository();
    await gluon.call('projects.add', { name: 'gone', path: gone });
    await rm(gone, { recursive: true });
    await expectRefused('repository_missing', ['POST', '/runs', { project: 'gone', prompt: 'x' }], ['run', 'gone', 'x', '-b'], gone);
    await expectRefused('repository_missing', ['GET', '/projects/gone/git/status'], ['git', 'status', 'gone']);
    expect((await gluon.call('system.doctor', {})).findings.find((finding) => finding.id === 'repositories')).toMatchObject({
      status: 'warn',
    });
    await gluon.call('projects.remove', { project: 'gone' });
  });

  test('a base branch or a new place that is none', async () => {
    await expectRefused(
      'branch_not_found',
      ['PATCH', '/projects/shop', { base_branch: 'nothing' }],
      ['project', 'set', 'shop', '--base-branch', 'nothing'],
    );
    await expectRefused(
      'path_not_found',
      ['PATCH', '/projects/shop', { path: '/nothing' }],
      ['project', 'set', 'shop', '--path', '/nothing'],
    );
  });
});

describe('repositories with more to them', () => {
  test('submodules: the run works, the submodule is an empty folder, nothing is fetched', async () => {
    const library = await sampleRepository();
    const host = await sampleRepository();
    await git(host, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
    await git(host, 'commit', '--quiet', '--all', '--message', 'With a submodule');
    await gluon.call('projects.add', { name: 'submodules', path: host });
    const run = await finished(gluon, 'submodules', 'run ls -A library | wc -l\nwrite x.txt x\ncommit X');
    expect(run).toMatchObject({ outcome: 'completed', commit_count: 1, files_changed: 1 });
    expect(await git(host, 'ls-tree', run.head_commit ?? '', 'library')).toContain('160000 commit');
    expect((await gluon.call('runs.merge', { run: run.id })).checkout).toBe('updated');
    for (const path of [library, host]) await rm(path, { recursive: true });
  });

  test('LFS: pointers are left as they are, no filter is run', async () => {
    const host = await sampleRepository({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'a.txt': 'a\n' });
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 3\n';
    await commitFiles(host, { 'big.bin': pointer }, 'A pointer');
    await git(host, 'config', 'filter.lfs.smudge', `touch ${join(folder, 'filter-ran')}; cat`);
    await git(host, 'config', 'filter.lfs.clean', `touch ${join(folder, 'filter-ran')}; cat`);
    await gluon.call('projects.add', { name: 'lfs', path: host });
    const run = await finished(gluon, 'lfs', 'run cat big.bin\nwrite x.txt x\ncommit X');
    expect(run).toMatchObject({ outcome: 'completed', files_changed: 1 });
    expect(await git(host, 'show', `${run.head_commit}:big.bin`)).toBe(pointer.trim());
    const merged = await gluon.call('runs.merge', { run: run.id });
    expect(merged).toMatchObject({ checkout: 'left_alone' });
    expect(merged.sentence).toContain('LFS');
    await expect(rm(join(folder, 'filter-ran'))).rejects.toThrow('ENOENT');
    await rm(host, { recursive: true });
  });
});

describe('runs', () => {
  test('a base that does not exist, a branch that is taken or no name', async () => {
    await expectRefused('base_not_found', runRequest({ base: 'nothing' }), runCommand('--base', 'nothing'), 'nothing');
    await expectRefused('base_not_found', runRequest({ base: '--upload-pack=x' }), runCommand('--base=--upload-pack=x'));
    await expectRefused('branch_exists', runRequest({ branch: 'main' }), runCommand('--branch', 'main'));
    await expectRefused('branch_name_invalid', runRequest({ branch: 'a..b' }), runCommand('--branch', 'a..b'));
    await expectRefused('branch_name_invalid', runRequest({ branch: '-rf' }), runCommand('--branch=-rf'));
  });

  test('an empty prompt, and one that is too long', async () => {
    await expectRefused('prompt_empty', runRequest({ prompt: ' \n\t ' }), ['run', 'shop', ' \n ', '-b']);
    const long = 'x'.repeat(1_000_000);
    const told = await refusal(gluon, ...runRequest({ prompt: long }));
    expect(told).toMatchObject({ status: 413, code: 'prompt_too_long' });
    expect(told.detail).toContain('1000000');
    const file = join(folder, 'long.txt');
    await writeFile(file, long);
    const piped = (from: string) => gluon.piped(from, 'run', 'shop', '-', '-b', '--agent', 'fake', '--json');
    expect(cliProblem(await piped(file))).toMatchObject({ exit: 2, code: 'prompt_too_long' });
    expect(cliProblem(await piped('/dev/null'))).toMatchObject({ exit: 2, code: 'prompt_empty' });
    await writeFile(file, 'say From a file.');
    const made = JSON.parse((await piped(file)).stdout) as { id: string; prompt: string };
    expect(made.prompt).toBe('say From a file.');
    await untilSettled(gluon, made.id);
  });

  test('unknown ids, and a prefix that fits several', async () => {
    await expectRefused('run_not_found', ['GET', `/runs/${'f'.repeat(32)}`], ['show', 'f'.repeat(32)]);
    const ids: string[] = [];
    // Of seventeen ids two begin alike.
    for (let index = 0; index < 17; index += 1) ids.push((await submit(gluon, 'shop', 'say x', { title: `n${index}` })).id);
    const first = ids.map((id) => id[0]).find((digit, index, all) => all.indexOf(digit) !== index) ?? '';
    for (const id of ids) await gluon.until(id, (run) => run.status === 'review', 'it ends', 60_000);
    await expectRefused('id_ambiguous', ['GET', `/runs/${first}`], ['show', first]);
    expect((await refusal(gluon, 'GET', '/runs/not-an-id')).code).toBe('bad_request');
    expect(cliProblem(await gluon.cli('show', 'not-an-id', '--json'))).toMatchObject({ exit: 3, code: 'run_not_found' });
  }, 90_000);

  test('an agent that is none, a model without a price under a money cap, an effort that is none', async () => {
    await expectRefused('agent_unknown', runRequest({ agent: 'nobody' }), ['run', 'shop', 'x', '-b', '--agent', 'nobody'], 'nobody');
    const claude = { project: 'shop', prompt: 'x', model: 'house-model-1' };
    await expectRefused('price_unknown', ['POST', '/runs', claude], ['run', 'shop', 'x', '-b', '-m', 'house-model-1'], 'house-model-1');
    expect(await refusal(gluon, ...runRequest({ effort: 'huge' }))).toMatchObject({ status: 400, code: 'bad_request' });
    expect(cliProblem(await gluon.cli(...runCommand('--effort', 'huge'), '--json'))).toMatchObject({ exit: 2, code: 'wrong_use' });
  });

  test('fields that do not exist, and of the wrong kind', async () => {
    for (const body of [
      { nonsense: 1 },
      { max_cost_usd: 'much' },
      { images: ['x'] },
      { prompt: 7 },
      { use_worktree: 'yes' },
      { max_turns: 0 },
    ]) {
      expect({ body, ...(await refusal(gluon, ...runRequest(body))) }).toMatchObject({ body, status: 400, code: 'bad_request' });
    }
    expect(await refusal(gluon, 'POST', '/runs', { prompt: 'x' })).toMatchObject({ status: 400, code: 'bad_request' });
    expect(await refusal(gluon, 'GET', '/runs?limit=0')).toMatchObject({ status: 400, code: 'bad_request' });
    expect(await refusal(gluon, 'GET', '/nothing')).toMatchObject({ status: 404, code: 'not_found' });
  });
});

test('settings', async () => {
  await expectRefused('setting_unknown', ['GET', '/settings/nothing'], ['settings', 'get', 'nothing'], 'nothing');
  await expectRefused('setting_unknown', ['PUT', '/settings/nothing', { value: 1 }], ['settings', 'set', 'nothing', '1']);
  await expectRefused(
    'setting_invalid',
    ['PUT', '/settings/max_concurrent_runs', { value: 0 }],
    ['settings', 'set', 'max_concurrent_runs', '0'],
  );
  await expectRefused('setting_fixed', ['PUT', '/settings/port', { value: 5000 }], ['settings', 'set', 'port', '5000'], 'GLUON_PORT');
});

test('workspaces, sessions, sub-resources of runs', async () => {
  await expectRefused('workspace_not_found', ['GET', '/workspaces/nothing'], ['workspace', 'show', 'nothing']);
  await expectRefused('path_not_found', ['POST', '/workspaces', { name: 'w', path: '/nothing' }], ['workspace', 'add', 'w', '/nothing']);
  await expectRefused('session_not_found', ['GET', '/sessions/nothing'], ['session', 'show', 'nothing']);
  await expectRefused(
    'egress_name_invalid',
    ['POST', `/runs/${await anyRun()}/egress/allow`, { host: 'not a name' }],
    ['egress', 'allow', await anyRun(), 'not a name'],
  );
});

async function anyRun(): Promise<string> {
  return (await gluon.call('runs.list', { limit: 1 })).items[0]?.id ?? '';
}

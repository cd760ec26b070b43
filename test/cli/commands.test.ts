/** Every command against the real HTTP door, with handlers that only note what reached them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GluonError } from '../../src/contract/errors.ts';
import { ProjectFileSchema } from '../../src/contract/project-file.ts';
import { type TestCli, testCli } from '../support/cli-io.ts';
import { fixtureProject, fixtureRun, RUN_ID } from '../support/fixture-resources.ts';
import { type Answers, type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

let fixture: Fixture;
let cli: TestCli;

async function start(answers: Answers, stdin?: string): Promise<void> {
  fixture = await startFixture(answers);
  cli = await testCli({ port: fixture.port, token: TOKEN, stdin });
}

beforeEach(() => start({}));
afterEach(async () => {
  await fixture.close();
  await cli.close();
});

async function restart(answers: Answers, stdin?: string): Promise<void> {
  await fixture.close();
  await cli.close();
  await start(answers, stdin);
}

const fail =
  (code: ConstructorParameters<typeof GluonError>[0], params = {}) =>
  () => {
    throw new GluonError(code, params);
  };
const lastCall = () => fixture.calls.at(-1);

describe('what reaches the server', () => {
  const cases: [argv: string[], operation: string, input: Record<string, unknown>][] = [
    [
      ['project', 'add', 'shop', '/srv/shop', '--base-branch', 'dev'],
      'projects.add',
      { name: 'shop', path: '/srv/shop', base_branch: 'dev' },
    ],
    [['project', 'add', 'shop', '~/shop'], 'projects.add', { name: 'shop', path: '~/shop' }],
    [
      ['project', 'set', 'shop', '--base-branch', 'default', '--egress', 'a.org, b.org'],
      'projects.update',
      { project: 'shop', base_branch: null, egress: ['a.org', 'b.org'] },
    ],
    [['project', 'remove', 'my shop/x', '-f'], 'projects.remove', { project: 'my shop/x' }],
    [['workspace', 'add', 'w', '/srv', '--no-scan'], 'workspaces.add', { name: 'w', path: '/srv', scan: false }],
    [['workspace', 'remove', 'w', '--with-projects', '--force'], 'workspaces.remove', { workspace: 'w', with_projects: true }],
    [['cancel', '0123ABCD'], 'runs.cancel', { run: '0123abcd' }],
    [['move', '0123', 'pending', '--expected', 'review'], 'runs.move', { run: '0123', status: 'pending', expected: 'review' }],
    [['archive', '0123'], 'runs.archive', { run: '0123' }],
    [['undelete', '0123'], 'runs.undelete', { run: '0123' }],
    [['fork', '0123', 'other', 'way'], 'runs.messages', { run: RUN_ID, limit: 1 }],
    [['send', '0123', 'and', 'tests', '--now'], 'runs.send', { run: '0123', text: 'and tests', now: true, images: [] }],
    [['merge', '0123', '--into', 'main'], 'runs.merge', { run: '0123', into: 'main' }],
    [['commits', '0123', '-l', '3'], 'runs.commits', { run: '0123', limit: 3 }],
    [['files', '0123', '--since-last'], 'runs.files', { run: '0123', compare: 'checkpoint' }],
    [['git', 'push', 'shop', '--branch', 'a/b'], 'git.push', { project: 'shop', branch: 'a/b' }],
    [['branch', 'list', 'shop', '--mine'], 'branches.list', { project: 'shop', mine: true, limit: 50 }],
    [['branch', 'rename', 'shop', 'a', 'b'], 'branches.rename', { project: 'shop', from: 'a', to: 'b' }],
    [['branch', 'delete', 'shop', 'a', '-f'], 'branches.delete', { project: 'shop', name: 'a' }],
    [['usage', '--by', 'model', '--since', '2026-01-01'], 'usage.by_model', { since: '2026-01-01' }],
    [['egress', 'allow', '0123', 'x.org', '--project'], 'egress.allow', { run: '0123', host: 'x.org', scope: 'project' }],
    [['egress', 'deny', '0123', 'x.org'], 'egress.deny', { run: '0123', host: 'x.org', scope: 'run' }],
    [['settings', 'set', 'max_cost_usd', '2.5'], 'settings.set', { key: 'max_cost_usd', value: 2.5 }],
    [['settings', 'set', 'egress', 'a.org', 'b.org'], 'settings.set', { key: 'egress', value: ['a.org', 'b.org'] }],
    [['settings', 'set', 'model.default', 'some-model'], 'settings.set', { key: 'model.default', value: 'some-model' }],
    [['settings', 'unset', 'port'], 'settings.unset', { key: 'port' }],
    [['worktree', 'gc', '-n'], 'worktrees.gc', { dry_run: true }],
    [['activity', '-p', 'shop', '--actor', 'cli'], 'activity.list', { project: 'shop', actor: 'cli', limit: 50 }],
    [['sessions', '-p', 'shop'], 'sessions.list', { project: 'shop', limit: 50 }],
    [['session', 'show', 'abc'], 'sessions.get', { session: 'abc' }],
    [['doctor', '--fix'], 'system.doctor', { fix: true }],
    [['logs', 'server', '-n', '5'], 'system.logs', { lines: 5 }],
  ];
  test.each(cases)('gluon %j', async (argv, operation, input) => {
    await restart({ 'runs.fork': () => fixtureRun(), 'system.doctor': () => ({ healthy: true, findings: [] }) });
    expect(await cli.run(...argv, '--json')).toBe(0);
    expect(lastCall()?.name).toBe(operation);
    expect(lastCall()?.input).toEqual(input);
    expect(lastCall()?.context.actor).toBe('cli');
    expect(cli.err()).toBe('');
  });

  test('a plain word is a list where the setting takes no text', async () => {
    await restart({
      'settings.set': ({ key, value }: { key: string; value: unknown }) => {
        if (!Array.isArray(value)) throw new GluonError('setting_invalid', { key, why: 'it is no list' });
        return { key, value, default: [], source: 'file', summary: '' };
      },
    });
    expect(await cli.run('settings', 'set', 'models_allowed', 'one, two')).toBe(0);
    expect(await cli.run('settings', 'set', 'models_allowed', 'one')).toBe(0);
    expect(cli.out()).toBe('models_allowed = ["one","two"]\nmodels_allowed = ["one"]\n');
    expect(await cli.run('settings', 'set', 'models_allowed', '{}')).toBe(2);
  });

  test('undelete of a working copy that is there is no failure', async () => {
    const run = fixtureRun({ worktree_state: 'present', worktree_path: '/home/worktrees/wt-1' });
    await restart({ 'runs.undelete': fail('nothing_to_undelete', { run: '0123', days: 14 }), 'runs.get': () => run });
    expect(await cli.run('undelete', '0123')).toBe(0);
    expect(cli.out()).toBe('The working copy was not taken away; it is there: /home/worktrees/wt-1\n');
    await restart({
      'runs.undelete': fail('nothing_to_undelete', { run: '0123', days: 14 }),
      'runs.get': () => ({ ...run, worktree_state: 'none' }),
    });
    expect(await cli.run('undelete', '0123')).toBe(3);
  });

  test('a relative path is taken from where the person stands', async () => {
    await restart({ 'projects.add': () => fixtureProject() });
    expect(await cli.run('project', 'add', 'shop', 'code/shop')).toBe(0);
    expect(lastCall()?.input.path).toBe(join(cli.home, 'code/shop'));
    expect(cli.out()).toBe(`Added project shop (aaaaaaaa) at /srv/shop\n`);
  });

  test('every flag of run', async () => {
    await restart({ 'runs.create': () => fixtureRun({ status: 'pending' }), 'attachments.upload': () => ({ id: 'e'.repeat(64) }) });
    await writeFile(join(cli.home, 'a.png'), 'picture');
    const flags = [
      '-b',
      '-q',
      '-n',
      '-m',
      'opus',
      '-P',
      'deep',
      '--effort',
      'max',
      '--plan',
      '--agent',
      'fake',
      '--title',
      't',
      '--base',
      'v1',
    ];
    const more = [
      '--branch',
      'x/y',
      '--no-worktree',
      '--include-uncommitted',
      '--image',
      'a.png',
      '--sandbox',
      'standard',
      '--egress',
      'none',
    ];
    const caps = ['--max-cost', '1.5', '--max-turns', '7', '--max-duration', '30', '--questions', 'auto'];
    expect(await cli.run('run', 'shop', 'do', 'this', ...flags, ...more, ...caps, '--json')).toBe(0);
    expect(fixture.calls.map((call) => call.name)).toEqual(['attachments.upload', 'runs.create']);
    expect(fixture.calls[0]?.input.data).toBe(Buffer.from('picture').toString('base64'));
    expect(lastCall()?.input).toEqual({
      project: 'shop',
      prompt: 'do this',
      title: 't',
      profile: 'deep',
      agent: 'fake',
      model: 'opus',
      effort: 'max',
      plan: true,
      base: 'v1',
      branch: 'x/y',
      use_worktree: false,
      include_uncommitted: true,
      sandbox: 'standard',
      egress: 'none',
      max_cost_usd: 1.5,
      max_turns: 7,
      max_duration_minutes: 30,
      images: ['e'.repeat(64)],
      question_policy: 'auto',
    });
    expect(JSON.parse(cli.out()).id).toBe(RUN_ID);
  });

  test('the prompt "-" is standard input', async () => {
    await restart({ 'runs.create': () => fixtureRun({ status: 'pending' }) }, 'from a pipe\n');
    expect(await cli.run('run', 'shop', '-', '-b')).toBe(0);
    expect(lastCall()?.input.prompt).toBe('from a pipe');
  });

  test('a list of statuses, and --active', async () => {
    await restart({ 'runs.list': () => ({ items: [fixtureRun()], next_cursor: null }) });
    await cli.run('runs', '-s', 'failed', '-s', 'review', '-p', 'shop', '-l', '7', '--json');
    expect(lastCall()?.input).toMatchObject({ project: 'shop', status: ['failed', 'review'], limit: 7 });
    expect(JSON.parse(cli.out())).toEqual({ items: [fixtureRun()], next_cursor: null });
    await cli.run('runs', '-a', '--json');
    expect(lastCall()?.input.status).toEqual(['pending', 'running', 'review']);
  });
});

describe('exit codes and failures', () => {
  test.each([
    ['run_not_found', { run: 'ab' }, 3],
    ['move_illegal', { why: 'No.' }, 4],
    ['id_ambiguous', { id: 'a', count: 2, what: 'runs', candidates: 'ab, ac' }, 2],
    ['base_moved', { base: 'main' }, 1],
  ] as const)('%s', async (code, params, exit) => {
    await restart({ 'runs.merge': fail(code, params) });
    expect(await cli.run('merge', 'ab')).toBe(exit);
    expect(cli.out()).toBe('');
    expect(cli.err()).toMatch(/^gluon: .+\n {2}.+\n$/);
    cli.clear();
    expect(await cli.run('merge', 'ab', '--json')).toBe(exit);
    expect(cli.out()).toBe('');
    expect(JSON.parse(cli.err()).error).toMatchObject({ code, sentence: expect.any(String), action: expect.any(String) });
  });

  test.each([
    [['runs', '--bogus']],
    [['nothing']],
    [['project']],
    [['show']],
    [['run', 'shop']],
    [['show', 'ab', 'cd']],
    [['runs', '-s', 'done']],
    [['move', 'ab', 'nowhere']],
    [['runs', '-l', 'many']],
    [['run', 'shop', 'x', '--max-cost', '-1']],
    [['completion', 'tcsh']],
  ])('wrong use is 2: %j', async (argv) => {
    expect(await cli.run(...argv)).toBe(2);
    expect(cli.out()).toBe('');
    expect(cli.err()).not.toBe('');
    expect(fixture.calls).toEqual([]);
  });

  test('wrong use with --json is one line of JSON', async () => {
    expect(await cli.run('runs', '--bogus', '--json')).toBe(2);
    expect(JSON.parse(cli.err()).error.code).toBe('wrong_use');
  });

  test('what can be no id is not found, without asking', async () => {
    expect(await cli.run('show', 'shop')).toBe(3);
    expect(fixture.calls).toEqual([]);
  });

  test('a wrong token is refused', async () => {
    await writeFile(join(cli.home, 'token'), 'x'.repeat(43));
    expect(await cli.run('runs')).toBe(4);
    expect(cli.err()).toContain('token');
  });

  test('removing asks, and where nobody can answer it is refused', async () => {
    for (const argv of [
      ['project', 'remove', 'shop'],
      ['workspace', 'remove', 'w'],
      ['branch', 'delete', 'shop', 'b'],
    ]) {
      expect(await cli.run(...argv)).toBe(2);
    }
    expect(fixture.calls).toEqual([]);
  });

  test('an unhealthy machine is 1', async () => {
    const finding = { id: 'x', group: 'g', status: 'fail', title: 'git', detail: 'too old', fix: 'update it', fixable: false };
    await restart({ 'system.doctor': () => ({ healthy: false, findings: [finding] }) });
    expect(await cli.run('doctor')).toBe(1);
    expect(cli.out()).toBe('fail   git: too old\n       update it\nNot healthy.\n');
  });
});

describe('what agents wrote cannot steer a terminal', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2Jtitle\u009b31m\u202e';
  test('in text', async () => {
    const run = fixtureRun({ title: evil, branch_name: evil, outcome_detail: evil });
    await restart({
      'runs.get': () => run,
      'runs.list': () => ({ items: [run], next_cursor: null }),
      'runs.diff': () => ({ from: 'a', to: 'b', text: `+${evil}\n`, offset: 0, lines: 1, total_lines: 1, next_offset: null }),
      'runs.messages': () => ({
        items: [{ seq: 1, at: run.created_at, attempt: 1, type: 'text', text: evil }],
        last_seq: 1,
        counts: {},
        next_after: null,
        next_before: null,
      }),
      'runs.merge': fail('merge_conflict', { run: 'ab', base: evil, files: evil }),
    });
    for (const argv of [['runs'], ['show', 'ab'], ['diff', 'ab'], ['logs', 'ab'], ['merge', 'ab']]) await cli.run(...argv);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(cli.out() + cli.err()).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(cli.out()).toContain('title');
  });

  test('in JSON, which still says exactly what was written', async () => {
    await restart({ 'runs.get': () => fixtureRun({ title: evil }) });
    await cli.run('show', 'ab', '--json');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(cli.out()).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(cli.out()).title).toBe(evil);
  });
});

describe('commands that need no server', () => {
  test('init writes a file that the contract takes, once', async () => {
    await mkdir(join(cli.home, '.git'));
    expect(await cli.run('init')).toBe(0);
    const before = await readFile(join(cli.home, '.gluon.yml'), 'utf8');
    expect(await cli.run('init')).toBe(2);
    expect(await readFile(join(cli.home, '.gluon.yml'), 'utf8')).toBe(before);
    expect(fixture.calls).toEqual([]);
    const everyKey = before.replace(/^# ?(?=[a-z_]+:| {2})/gm, '');
    expect(ProjectFileSchema.parse(parse(everyKey))).toMatchObject({ setup: 'npm ci', copy: ['.env'], caps: { pids: 1024 } });
    expect(parse(before)).toBeNull();
  });

  test('token print', async () => {
    expect(await cli.run('token', 'print')).toBe(0);
    expect(cli.out()).toBe(`${TOKEN}\n`);
  });

  test('version tells the server apart', async () => {
    await restart({ 'system.version': () => ({ version: '1.0.0', api: 1 }) });
    expect(await cli.run('version', '--json')).toBe(0);
    expect(JSON.parse(cli.out())).toEqual({ version: '9.9.9-test', server: '1.0.0' });
  });
});

/** Everything around the runs: status, doctor, settings, workspaces, sessions, usage, events, logs, completion, and the end of the server. */
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Project, Run, Setting, Workspace } from '../../src/contract/resources.ts';
import { SETTINGS } from '../../src/contract/settings.ts';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { cliProblem, finished, submit, untilSaid, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let first: Run;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:edit{"file":"a.txt"}', title: 'A searchable title' });
  first = await untilSettled(gluon, made.id);
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

describe('the server', () => {
  test('health and version need no token; everything else does', async () => {
    const bare = async (path: string) => (await fetch(`${gluon.address}/api${path}`)).status;
    expect(await bare('/health')).toBe(200);
    expect(await bare('/version')).toBe(200);
    for (const path of ['/status', '/runs', '/projects', '/settings', '/events', '/logs/server'])
      expect({ path, status: await bare(path) }).toEqual({ path, status: 401 });
    expect(await gluon.call('system.version', {})).toEqual({ version: '0.1.0', api: 1 });
    expect(await gluon.json<{ server: string }>('version')).toEqual({ version: '0.1.0', server: '0.1.0' });
  });

  test('status, by REST and on the command line', async () => {
    const status = await gluon.call('system.status', {});
    expect(status).toMatchObject({ pid: gluon.server.pid, home: gluon.home, address: gluon.address, projects: 1, accepting: true });
    expect(status.provider).toMatchObject({ configured: true, base_url: gluon.model.url });
    expect(status.cost_today_usd).toBeCloseTo(first.cost_usd ?? 0, 9);
    expect(await gluon.json('status')).toMatchObject({ pid: status.pid });
    expect((await gluon.cli('status')).stdout).toContain(gluon.address);
    // The credential itself is nowhere in it.
    expect(JSON.stringify(status)).not.toContain('sk-test');
  });

  test('doctor: every finding has a sentence; with fix it is run again', async () => {
    const report = await gluon.json<{ healthy: boolean; findings: { id: string; status: string; fix: string | null }[] }>('doctor');
    expect(report.healthy).toBe(true);
    expect(report.findings.map((finding) => finding.id)).toEqual(
      expect.arrayContaining(['git', 'agent-claude', 'credential', 'database', 'disk', 'attempts', 'repositories']),
    );
    for (const finding of report.findings) if (finding.status === 'warn' || finding.status === 'fail') expect(finding.fix).toBeTruthy();
    expect((await gluon.call('system.doctor', { fix: true })).healthy).toBe(true);
    const shown = await gluon.cli('doctor', '--fix');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('Healthy.');
  });

  test('sandbox, stats, server log', async () => {
    const sandbox = await gluon.call('system.sandbox', {});
    expect(sandbox.default).toBe('strict');
    expect(sandbox.levels.strict).toEqual({ available: true, why: null });
    const stats = await gluon.json<{ total_bytes: number; sections: Record<string, number>; largest_runs: { run_id: string }[] }>('stats');
    expect(stats.total_bytes).toBeGreaterThan(10_000);
    expect(stats.largest_runs[0]?.run_id).toBe(first.id);
    expect(Object.values(stats.sections).reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(stats.total_bytes * 1.1);
    expect((await gluon.call('system.stats', {})).free_bytes).toBeGreaterThan(0);
    const log = await gluon.call('system.logs', { lines: 5 });
    expect(log.items.length).toBeGreaterThan(0);
    expect(log.items.length).toBeLessThanOrEqual(5);
    expect((await gluon.cli('logs', 'server', '-n', '5')).code).toBe(0);
  });

  test('the documents: OpenAPI and the page that shows it', async () => {
    const document = (await gluon.raw('GET', '/openapi.json')).body as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths).length).toBeGreaterThan(50);
    expect((await gluon.raw('GET', '/docs')).status).toBe(200);
  });
});

describe('settings', () => {
  test('listed, read, set, unset; the file carries them and an event says so', async () => {
    const listed = await gluon.json<{ items: Setting[] }>('settings', 'list');
    expect(listed.items.map((setting) => setting.key).sort()).toEqual(Object.keys(SETTINGS).sort());
    expect((await gluon.call('settings.list', {})).items).toEqual(listed.items);
    expect(await gluon.json<Setting>('settings', 'get', 'max_cost_usd')).toMatchObject({ value: 10, source: 'default' });
    expect(await gluon.json<Setting>('settings', 'set', 'max_cost_usd', '4.5')).toMatchObject({ value: 4.5, source: 'file', default: 10 });
    await gluon.call('settings.set', { key: 'egress', value: ['example.org'] });
    expect(parse(await readFile(join(gluon.home, 'config.yml'), 'utf8'))).toEqual({ max_cost_usd: 4.5, egress: ['example.org'] });
    const made = await finished(gluon, 'shop', 'say x');
    expect(made).toMatchObject({ max_cost_usd: 4.5, egress: ['example.org'] });
    expect(await gluon.json<Setting>('settings', 'unset', 'max_cost_usd')).toMatchObject({ value: 10, source: 'default' });
    expect(await gluon.call('settings.unset', { key: 'egress' })).toMatchObject({ value: 'packages' });
    expect(await gluon.call('settings.get', { key: 'port' })).toMatchObject({ source: 'environment' });
    const { items } = await gluon.call('activity.list', { type: 'setting.changed' });
    expect(items.map((event) => event.payload.key)).toEqual(expect.arrayContaining(['max_cost_usd', 'egress']));
  });

  test('an edit of the file by hand is taken up', async () => {
    await writeFile(join(gluon.home, 'config.yml'), 'max_concurrent_runs: 9\n');
    const end = performance.now() + 6_000;
    let value: unknown;
    while (value !== 9 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ({ value } = await gluon.call('settings.get', { key: 'max_concurrent_runs' }));
    }
    expect(value).toBe(9);
  });
});

test('projects: added, shown, listed, changed, their files completed', async () => {
  const other = await sampleRepository({ 'src/one.ts': '1\n', 'src/two.ts': '2\n', 'docs/a.md': 'a\n' });
  const added = await gluon.json<Project>('project', 'add', 'other', other, '--base-branch', 'main');
  expect(added).toMatchObject({ name: 'other', path: other, base_branch: 'main' });
  expect((await gluon.json<{ items: Project[] }>('project', 'list')).items.map((project) => project.name).sort()).toEqual([
    'other',
    'shop',
  ]);
  const changed = await gluon.json<Project>(
    'project',
    'set',
    'other',
    '--name',
    'renamed',
    '--sandbox',
    'strict',
    '--egress',
    'a.example,b.example',
    '--max-concurrent-runs',
    '2',
  );
  expect(changed).toMatchObject({
    id: added.id,
    name: 'renamed',
    sandbox: 'strict',
    egress: ['a.example', 'b.example'],
    max_concurrent_runs: 2,
  });
  expect(await gluon.json<Project>('project', 'show', 'renamed')).toEqual(await gluon.call('projects.get', { project: added.id }));
  expect(await gluon.json<Project>('project', 'set', 'renamed', '--egress', 'default', '--max-concurrent-runs', '0')).toMatchObject({
    egress: null,
    max_concurrent_runs: null,
  });
  expect(await gluon.call('projects.files', { project: 'renamed', prefix: 'src/' })).toEqual({ items: ['src/one.ts', 'src/two.ts'] });
  expect((await gluon.call('projects.files', { project: 'renamed', limit: 1 })).items.length).toBe(1);
  expect((await gluon.cli('project', 'remove', 'renamed', '-f')).code).toBe(0);
  await rm(other, { recursive: true });
});

test('workspaces: found, scanned again, shown, removed with and without their projects', async () => {
  const folder = await temporaryFolder('workspace');
  for (const name of ['alpha', 'beta']) {
    await mkdir(join(folder, name));
    await git(join(folder, name), 'init', '--quiet', '--initial-branch=main');
    await git(join(folder, name), 'commit', '--quiet', '--allow-empty', '--message', 'First');
  }
  await git(folder, 'init', '--quiet', 'empty');
  const added = await gluon.json<{ workspace: Workspace; found: Project[] }>('workspace', 'add', 'lab', folder);
  expect(added.found.map((project) => project.name).sort()).toEqual(['alpha', 'beta']);
  expect(added.workspace.project_count).toBe(2);
  await git(folder, 'clone', '--quiet', join(folder, 'alpha'), 'gamma');
  expect((await gluon.json<{ found: Project[] }>('workspace', 'scan', 'lab')).found.map((project) => project.name)).toEqual(['gamma']);
  expect((await gluon.call('workspaces.scan', { workspace: 'lab' })).found).toEqual([]);
  expect((await gluon.call('workspaces.list', {})).items.map((workspace) => workspace.name)).toEqual(['lab']);
  expect((await gluon.json<{ items: Workspace[] }>('workspace', 'list')).items.length).toBe(1);
  expect(await gluon.json<Workspace>('workspace', 'show', 'lab')).toEqual(await gluon.call('workspaces.get', { workspace: 'lab' }));
  expect((await gluon.json<{ items: Project[] }>('workspace', 'projects', 'lab')).items.length).toBe(3);
  expect((await gluon.call('projects.list', { workspace: 'lab' })).items.length).toBe(3);
  expect(cliProblem(await gluon.cli('workspace', 'add', 'lab', folder, '--json')).code).toBe('workspace_exists');
  await gluon.call('workspaces.remove', { workspace: 'lab' });
  expect((await gluon.call('projects.get', { project: 'alpha' })).workspace_id).toBeNull();
  for (const name of ['alpha', 'beta', 'gamma']) await gluon.call('projects.remove', { project: name });
  expect((await gluon.call('workspaces.add', { name: 'again', path: folder, scan: false })).found).toEqual([]);
  await gluon.call('workspaces.scan', { workspace: 'again' });
  expect((await gluon.cli('workspace', 'remove', 'again', '--with-projects', '-f')).code).toBe(0);
  expect((await gluon.call('projects.list', {})).items.map((project) => project.name)).toEqual(['shop']);
  await access(join(folder, 'alpha', '.git'));
  await rm(folder, { recursive: true });
});

test('runs: pages, filters, search', async () => {
  for (let index = 0; index < 4; index += 1) await finished(gluon, 'shop', 'say x', { title: `Filler ${index}` });
  const all: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await gluon.call('runs.list', { limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    all.push(...page.items.map((run) => run.id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  const whole = (await gluon.call('runs.list', { limit: 500 })).items.map((run) => run.id);
  expect(all).toEqual(whole);
  expect(new Set(all).size).toBe(all.length);
  expect((await gluon.call('runs.list', { search: 'searchable' })).items.map((run) => run.id)).toEqual([first.id]);
  expect((await gluon.json<{ items: Run[] }>('runs', '--search', 'searchable', '-p', 'shop')).items.length).toBe(1);
  expect((await gluon.call('runs.list', { status: ['failed', 'cancelled'] })).items).toEqual([]);
  expect((await gluon.json<{ items: Run[] }>('runs', '-a', '-l', '1')).items.length).toBe(1);
});

test('a request that is repeated with the same key is done once', async () => {
  const headers = { 'idempotency-key': 'once-and-only-once' };
  const body = { project: 'shop', prompt: 'say x', agent: 'fake' };
  const [one, two] = [await gluon.raw('POST', '/runs', body, headers), await gluon.raw('POST', '/runs', body, headers)];
  expect([one.status, two.status]).toEqual([201, 201]);
  expect((two.body as Run).id).toBe((one.body as Run).id);
  expect((await gluon.raw('POST', '/runs', { ...body, prompt: 'say y' }, headers)).status).toBe(409);
  await untilSettled(gluon, (one.body as Run).id);
});

describe('small commands', () => {
  test.each(['bash', 'zsh', 'fish'])('completion %s', async (shell) => {
    const { code, stdout } = await gluon.cli('completion', shell);
    expect(code).toBe(0);
    for (const word of ['worktree', 'undelete', 'egress']) expect(stdout).toContain(word);
  });

  test('demo and help', async () => {
    expect((await gluon.cli('demo')).stdout).toContain('npm run demo');
    expect((await gluon.cli('help', 'run')).stdout).toContain('--max-cost');
    expect((await gluon.cli()).stdout).toContain('Usage:');
  });

  test('init writes a starter file once, and a run takes it', async () => {
    const path = await sampleRepository();
    await gluon.call('projects.add', { name: 'fresh', path });
    const initIn = (cwd: string) => gluon.cliIn(cwd, 'init');
    expect((await initIn(path)).code).toBe(0);
    const text = await readFile(join(path, '.gluon.yml'), 'utf8');
    expect(text.length).toBeGreaterThan(50);
    expect((await initIn(path)).code).toBe(2);
    await git(path, 'add', '--all');
    await git(path, 'commit', '--quiet', '--message', 'Starter');
    expect((await finished(gluon, 'fresh', 'say x')).outcome).toBe('completed');
    await rm(path, { recursive: true });
  });
});

test('down stops the server in good order: a live run goes on at the next start', async () => {
  const live = await submit(gluon, 'shop', 'say Here.\nhang');
  await untilSaid(gluon, live.id, 'Here.');
  expect((await gluon.cli('down')).stdout).toContain('Gluon is down');
  expect(await gluon.ended(10_000)).toBe(0);
  await expect(access(join(gluon.home, 'server.json'))).rejects.toThrow('ENOENT');
  const again = await gluon.restart();
  try {
    const on = await again.until(live.id, (run) => run.attempts === 2 && run.status === 'review', 'it went on');
    expect(on).toMatchObject({ outcome: 'completed', session_id: live.session_id ?? on.session_id });
    expect((await again.call('system.stop', {})).done).toBe(true);
    expect(await again.ended(10_000)).toBe(0);
  } finally {
    await again.stop();
  }
});

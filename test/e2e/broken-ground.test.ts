/** When what Gluon stands on is broken: home, port, database, configuration, programs, credentials, disk. */
import { execFile, spawn } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { BIN, type Gluon, refusedStart, startGluon, temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { cliProblem, finished, messages, refusal, submit, untilSettled } from '../support/runs.ts';

const run = promisify(execFile);
let home: string;
let repository: string;

beforeAll(async () => {
  repository = await sampleRepository();
});
afterAll(() => rm(repository, { recursive: true, force: true }));
beforeEach(async () => {
  home = await temporaryFolder('home');
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function served(options: Parameters<typeof startGluon>[0], work: (gluon: Gluon) => Promise<void>): Promise<void> {
  const gluon = await startGluon({ home, ...options });
  try {
    await work(gluon);
  } finally {
    await gluon.stop();
    if (options?.model === undefined) await gluon.model.close();
  }
}

describe('a server that cannot start says why, and changes nothing', () => {
  test('the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const told = cliProblem(await refusedStart(home, { environment: { GLUON_PORT: String(port) } }));
    expect(told).toMatchObject({ exit: 1, code: 'port_in_use' });
    expect(told.sentence).toContain(String(port));
    await new Promise((resolve) => other.close(resolve));
  });

  test('the home cannot be written', async () => {
    expect(cliProblem(await refusedStart(home, { environment: { GLUON_HOME: '/proc/gluon' } }))).toMatchObject({
      exit: 1,
      code: 'home_not_writable',
    });
    await symlink('/etc', join(home, 'link'));
    expect(cliProblem(await refusedStart(home, { environment: { GLUON_HOME: join(home, 'link') } }))).toMatchObject({
      exit: 1,
      code: 'home_unsafe',
    });
    await writeFile(join(home, 'file'), '');
    expect(cliProblem(await refusedStart(home, { environment: { GLUON_HOME: join(home, 'file') } }))).toMatchObject({ exit: 1 });
  });

  test('the home is in use by another server, which goes on', () =>
    served({}, async (gluon) => {
      const told = cliProblem(await refusedStart(home));
      expect(told).toMatchObject({ exit: 1, code: 'home_in_use' });
      expect(told.sentence).toContain(String(gluon.server.pid));
      expect((await gluon.call('system.health', {})).status).toBe('ok');
    }));

  test('config.yml is broken, or names what is no setting; the file stays', async () => {
    for (const [config, named] of [
      ['max_concurrent_runs: [\n', ''],
      ['nonsense: 1\n', 'nonsense'],
      ['max_concurrent_runs: many\n', 'max_concurrent_runs'],
    ] as const) {
      const told = cliProblem(await refusedStart(home, { config }));
      expect(told).toMatchObject({ exit: 2, code: 'config_invalid' });
      expect(told.sentence).toContain(named);
      expect(await readFile(join(home, 'config.yml'), 'utf8')).toBe(config);
    }
    await rm(join(home, 'config.yml'));
    expect(cliProblem(await refusedStart(home, { environment: { GLUON_SANDBOX: 'loose' } }))).toMatchObject({
      exit: 2,
      code: 'setting_invalid',
    });
  });

  test('the database is damaged, or newer than the program; it stays as it is', async () => {
    await served({}, async () => {});
    const path = join(home, 'gluon.db');
    const kept = join(home, 'kept.db');
    await copyFile(path, kept);
    const db = new Database(path);
    db.pragma('user_version = 9999');
    const tables = db.prepare("select name from sqlite_schema where type = 'table' and name like '%migration%'").pluck().all() as string[];
    if (tables.length > 0)
      db.exec(`insert into ${tables.find((name) => !name.includes('lock'))} values ('9999-from-the-future', '2099-01-01')`);
    db.close();
    expect(cliProblem(await refusedStart(home))).toMatchObject({ exit: 1, code: 'database_newer' });
    await copyFile(kept, path);
    const bytes = await readFile(kept);
    bytes.fill(0x5a, 4096, Math.min(bytes.length, 60_000));
    for (const damaged of [Buffer.from('this is no database'.repeat(50)), bytes]) {
      await writeFile(path, damaged);
      const end = await refusedStart(home);
      expect(cliProblem(end)).toMatchObject({ exit: 1, code: 'database_corrupt' });
      expect((await readFile(path)).equals(damaged)).toBe(true);
    }
    await copyFile(kept, path);
    await served({}, async (gluon) => expect((await gluon.call('system.health', {})).status).toBe('ok'));
  });
});

test('a config.yml that breaks while the server runs: the last good values stay, an event says so', () =>
  served({ config: 'max_concurrent_runs: 7\n' }, async (gluon) => {
    await writeFile(join(home, 'config.yml'), 'max_concurrent_runs: [\n');
    const end = performance.now() + 8_000;
    let events: unknown[] = [];
    while (events.length === 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      events = (await gluon.call('activity.list', { type: 'config.rejected' })).items;
    }
    expect(events.length).toBe(1);
    expect((await gluon.call('settings.get', { key: 'max_concurrent_runs' })).value).toBe(7);
    expect((await gluon.call('system.status', {})).max_concurrent_runs).toBe(7);
  }));

test('no credential: refused before anything exists; doctor and status say so', () =>
  served({ environment: { ANTHROPIC_API_KEY: '' } }, async (gluon) => {
    await gluon.call('projects.add', { name: 'shop', path: repository });
    const told = await refusal(gluon, 'POST', '/runs', { project: 'shop', prompt: 'x' });
    expect(told).toMatchObject({ status: 503, code: 'credential_missing' });
    expect(told.action).toContain('ANTHROPIC_API_KEY');
    expect(cliProblem(await gluon.cli('run', 'shop', 'x', '-b', '--json'))).toMatchObject({ exit: 4, code: 'credential_missing' });
    expect((await gluon.call('runs.list', {})).items).toEqual([]);
    expect(await git(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect((await gluon.call('system.status', {})).provider.configured).toBe(false);
    expect((await gluon.call('system.doctor', {})).findings.find((finding) => finding.id === 'credential')?.status).toBe('warn');
  }));

test('a wrong credential: the run fails as "auth" with its cause, and can be started again when it is right', async () => {
  let right = false;
  const model = await startScriptedModel({ accepts: () => right });
  await served({ model }, async (gluon) => {
    await gluon.call('projects.add', { name: 'shop', path: repository });
    const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:say{"text":"In."}' });
    const failed = await untilSettled(gluon, made.id);
    expect(failed).toMatchObject({ status: 'failed', outcome: 'auth', cost_usd: 0 });
    expect(failed.outcome_detail).toMatch(/credential/);
    right = true;
    await gluon.call('runs.move', { run: made.id, status: 'pending' });
    const again = await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it works');
    expect(again.outcome).toBe('completed');
    expect((await messages(gluon, made.id, 'text')).at(-1)?.text).toBe('In.');
  });
  await model.close();
});

test('no bubblewrap: the run fails closed, the sandbox report and doctor say what to install; level none works where it may', async () => {
  const bin = join(home, 'bin');
  await mkdir(bin);
  for (const name of ['git', 'node', 'sh', 'bash', 'cat', 'env', 'mkdir', 'dirname', 'ls', 'id', 'sleep', 'setsid', 'prlimit']) {
    const { stdout } = await run('sh', ['-c', `command -v ${name} || true`]);
    if (stdout.trim() !== '') await symlink(stdout.trim(), join(bin, name));
  }
  await served({ environment: { PATH: bin } }, async (gluon) => {
    await gluon.call('projects.add', { name: 'shop', path: repository });
    const failed = await finished(gluon, 'shop', 'say x');
    expect(failed).toMatchObject({ status: 'failed', outcome: 'sandbox_unavailable', model_calls: 0 });
    expect(failed.outcome_detail).toMatch(/bwrap|bubblewrap/);
    const report = await gluon.call('system.sandbox', {});
    expect(report.levels.strict).toMatchObject({ available: false });
    expect(report.levels.strict?.why).toMatch(/bwrap|bubblewrap/);
    const doctor = await gluon.cli('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/bubblewrap/);
  });
});

test('no agent program: refused before anything exists, and doctor says how to get it', async () => {
  const root = dirname(dirname(BIN));
  const lean = join(home, 'installation');
  await mkdir(join(lean, 'node_modules'), { recursive: true });
  for (const name of ['bin', 'dist', 'package.json']) await cp(join(root, name), join(lean, name), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@anthropic-ai') await symlink(join(root, 'node_modules', name), join(lean, 'node_modules', name));
  }
  await served({ bin: join(lean, 'bin', 'gluon') }, async (gluon) => {
    await gluon.call('projects.add', { name: 'shop', path: repository });
    const told = await refusal(gluon, 'POST', '/runs', { project: 'shop', prompt: 'x' });
    expect(told).toMatchObject({ status: 503, code: 'agent_missing' });
    expect(told.action).toContain('npm run setup');
    expect(cliProblem(await gluon.cli('run', 'shop', 'x', '-b', '--json'))).toMatchObject({ exit: 1, code: 'agent_missing' });
    expect((await gluon.call('runs.list', {})).items).toEqual([]);
    const finding = (await gluon.call('system.doctor', {})).findings.find((one) => one.id === 'agent-claude');
    expect(finding).toMatchObject({ status: 'fail' });
    expect(finding?.fix).toContain('npm run setup');
  });
});

test('a disk that is almost full: runs wait and say so, and go on when there is room', async (context) => {
  const small = join(home, 'small');
  await mkdir(small);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', small]).then(
    () => true,
    () => false,
  );
  if (!mounted) return context.skip('no file system can be mounted here');
  try {
    const gluon = await startGluon({ home: small });
    try {
      await gluon.call('projects.add', { name: 'shop', path: repository });
      const filler = join(small, 'filler');
      await run('fallocate', ['-l', '100M', filler]);
      const made = await submit(gluon, 'shop', 'say x');
      const waiting = await gluon.until(made.id, (each) => each.waiting !== null, 'it says why it waits');
      expect(waiting).toMatchObject({ status: 'pending', waiting: { reason: 'capacity' } });
      expect(waiting.waiting?.detail).toMatch(/disk/);
      await rm(filler);
      // Any sign of life makes it look again.
      await gluon.call('settings.set', { key: 'log_level', value: 'info' });
      expect((await gluon.until(made.id, (each) => each.status === 'review', 'it goes on')).outcome).toBe('completed');
    } finally {
      await gluon.stop();
      await gluon.model.close();
    }
  } finally {
    await run('umount', [small]);
  }
});

test('no server: the commands say so and start none when they may not; "status" and "down" are calm', async () => {
  const silent = (...args: string[]) =>
    new Promise<{ code: number | null; stderr: string; stdout: string }>((resolve) => {
      const child = spawn(process.execPath, [BIN, ...args], {
        env: { PATH: process.env.PATH ?? '', HOME: home, GLUON_HOME: home, GLUON_AUTOSTART: '0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  const told = await silent('runs', '--json');
  expect(told.code).toBe(1);
  expect(JSON.parse(told.stderr).error).toMatchObject({ code: 'server_unreachable' });
  expect((await silent('down')).code).toBe(0);
  expect((await silent('version')).code).toBe(0);
  expect(await readdir(home)).toEqual([]);
});

/** Other processes: seeing, reading and ending those of the host, and outliving one's own attempt. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isAlive, markedProcesses, processIdentity } from '../../../src/adapters/sandbox/bubblewrap/process-table.ts';
import type { Confinement, Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { clock, type Ground, makeGround, PYTHON, tryShell, victimProcess } from './ground.ts';

let ground: Ground;
let sandbox: Sandbox;
let walled: { spec: SandboxSpec; confinement: Confinement };
let open: { spec: SandboxSpec; confinement: Confinement };

beforeAll(async () => {
  ground = makeGround();
  sandbox = ground.sandbox();
  const [strict, none] = [ground.spec('strict'), ground.spec('none')];
  walled = { spec: strict, confinement: await sandbox.open(strict) };
  open = { spec: none, confinement: await sandbox.open(none) };
});
afterAll(async () => {
  await Promise.all([walled.confinement.close(0), open.confinement.close(0)]);
  expect(await markedProcesses({ GLUON_HOME_ID: ground.homeId })).toEqual([]);
  ground.remove();
});

describe('a process of the host', () => {
  const sees = (output: string): boolean => output.includes(ground.canary);
  const ATTACKS: [name: string, payload: string, worked: (output: string, alive: boolean) => boolean][] = [
    ['is not listed', 'ls -d /proc/$PID && tr "\\0" " " < /proc/$PID/cmdline', (output) => output.includes('sleep')],
    ['is not ended', 'kill -9 $PID', (_output, alive) => !alive],
    ['does not show its environment', 'tr "\\0" "\\n" < /proc/$PID/environ', sees],
    ['does not show its environment to a search of all', 'cat /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep VICTIM=', sees],
    ['is no way to the root folder', 'cat /proc/$PID/root$SECRET', sees],
    ['is no way to its working folder', 'ls -d /proc/$PID/cwd/. && echo THERE', (output) => output.includes('THERE')],
    [
      'cannot be traced',
      `${PYTHON} -c 'import ctypes,os\nprint("TRACED" if ctypes.CDLL(None).ptrace(16,int(os.environ["PID"]),0,0)==0 else "no")'`,
      (output) => output.includes('TRACED'),
    ],
    [
      'does not give its memory',
      `${PYTHON} -c 'import os\nopen("/proc/%s/mem"%os.environ["PID"],"rb");print("MEMORY")'`,
      (output) => output.includes('MEMORY'),
    ],
    [
      'does not give its descriptors',
      `${PYTHON} -c 'import ctypes,os\nl=ctypes.CDLL(None)\np=l.syscall(434,int(os.environ["PID"]),0)\nprint("GOT" if l.syscall(438,p,0,0)>=0 else "no")'`,
      (output) => output.includes('GOT'),
    ],
  ];
  it.each(ATTACKS)('%s', async (_name, payload, worked) => {
    for (const side of [walled, open]) {
      const victim = victimProcess(ground.canary);
      const tried = await tryShell(side.confinement, side.spec, payload, { PID: String(victim.pid), SECRET: `${ground.victim}/secret` });
      await clock.sleep(20);
      expect(worked(tried.output, victim.alive()), `${side.confinement.level}: ${tried.output} ${tried.stderr}`).toBe(side === open);
      await victim.end();
    }
  });
});

describe('a secret of one command', () => {
  const everyCommandLine = (): string =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readOrEmpty(`/proc/${pid}/cmdline`) : ''))
      .join('\n');

  it.each(['strict', 'standard', 'none'] as const)('is in no command line of the host, level %s', async (level) => {
    const spec = ground.spec(level);
    const confinement = await sandbox.open(spec);
    const script = 'echo "$TOKEN" > token; echo ready; read line';
    const held = confinement.start({
      command: '/bin/bash',
      args: ['-c', script],
      env: { TOKEN: `token-${ground.canary}` },
      cwd: spec.workingCopy,
    });
    await new Promise((resolve) => held.stdout.once('data', resolve));
    expect(readFileSync(`${spec.workingCopy}/token`, 'utf8').trim()).toBe(`token-${ground.canary}`);
    expect(everyCommandLine()).not.toContain(`token-${ground.canary}`);
    const loose = confinement.start({
      command: '/bin/bash',
      args: ['-c', script, 'sh', `token-${ground.canary}`],
      env: {},
      cwd: spec.workingCopy,
    });
    await new Promise((resolve) => loose.stdout.once('data', resolve));
    expect(everyCommandLine(), 'control').toContain(`token-${ground.canary}`);
    await confinement.close(0);
  });

  it('is not in the environment of the next', async () => {
    await tryShell(walled.confinement, walled.spec, 'export LEFT=x; true', { ONLY_ONCE: ground.canary });
    expect((await tryShell(walled.confinement, walled.spec, 'env')).output).not.toContain(ground.canary);
    expect((await tryShell(walled.confinement, walled.spec, 'env', { ONLY_ONCE: ground.canary })).output).toContain(ground.canary);
  });

  it('of the server itself is not inherited', async () => {
    const env = (await tryShell(walled.confinement, walled.spec, 'env; cat /proc/1/environ')).output;
    expect(env).not.toContain('VITEST');
    expect(process.env.VITEST).toBeDefined();
  });
});

describe('a folder that the server was started with open', () => {
  it.each(['strict', 'none'] as const)('is not inherited, level %s', async (level) => {
    const script = 'echo ready; cat /proc/self/fd/77/secret; exec 2>&1; ls -l /proc/self/fd';
    const node = [process.execPath, new URL('child-server.ts', import.meta.url).pathname, ground.base, ground.homeId, level, script];
    const through = await output(['/bin/bash', '-c', 'exec 77<"$0"; exec "$@"', ground.victim, ...node]);
    expect(through).toContain('ready');
    expect(through).not.toContain(ground.canary);
    // The same descriptor through a child that is started plainly.
    const plain = `require('child_process').spawnSync('/bin/cat',['/proc/self/fd/77/secret'],{stdio:'inherit'})`;
    expect(await output(['/bin/bash', '-c', 'exec 77<"$0"; exec "$@"', ground.victim, process.execPath, '-e', plain]), 'control').toContain(
      ground.canary,
    );
  });
});

function output(words: string[]): Promise<string> {
  const [command = '', ...args] = words;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', () => resolve(text)));
}

const readOrEmpty = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
};

describe('outliving the attempt', () => {
  /** Something inside writes a file again and again: whether it lives is seen by the file alone. */
  const BEAT = 'while :; do date +%s%N > beat; sleep 0.01; done';
  const SURVIVORS: [name: string, script: string][] = [
    ['left in the background', `(${BEAT}) </dev/null >/dev/null 2>&1 & echo ready; wait`],
    ['deaf to SIGTERM', `trap "" TERM INT HUP; echo ready; ${BEAT}`],
    [
      'in a session of its own, after two forks',
      `setsid bash -c 'trap "" TERM; (${BEAT}) & ' </dev/null >/dev/null 2>&1; echo ready; sleep 60`,
    ],
    [
      'without the marks in its environment',
      `env -i PATH="$PATH" setsid bash -c '${BEAT}' </dev/null >/dev/null 2>&1 & echo ready; sleep 60`,
    ],
  ];
  describe.each(['strict', 'none'] as const)('level %s', (level) => {
    it.each(SURVIVORS)('a process %s does not', async (_name, script) => {
      const spec = ground.spec(level);
      const confinement = await sandbox.open(spec);
      const started = confinement.start({ command: '/bin/bash', args: ['-c', script], env: {}, cwd: spec.workingCopy });
      await new Promise((resolve) => started.stdout.once('data', resolve));
      await beating(spec);
      const startMs = performance.now();
      await confinement.close(200);
      expect(performance.now() - startMs).toBeLessThan(3_000);
      expect(await beats(spec)).toBe(false);
      await started.ended;
      await confinement.close(200);
      expect(() => confinement.start({ command: '/bin/true', args: [], env: {}, cwd: spec.workingCopy })).toThrow(/closed/);
    });
  });

  it.each(['strict', 'none'] as const)('without control groups neither, level %s', async (level) => {
    const spec = ground.spec(level);
    const confinement = await ground.sandbox({ useControlGroups: false }).open(spec);
    const script = `setsid bash -c 'trap "" TERM; (${BEAT}) & ' </dev/null >/dev/null 2>&1; echo ready; sleep 60`;
    const started = confinement.start({ command: '/bin/bash', args: ['-c', script], env: {}, cwd: spec.workingCopy });
    await new Promise((resolve) => started.stdout.once('data', resolve));
    await beating(spec);
    await confinement.close(100);
    expect(await beats(spec)).toBe(false);
    await started.ended;
  });

  async function beating(spec: SandboxSpec): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      if (existsSync(`${spec.workingCopy}/beat`) && (await beats(spec))) return;
      await clock.sleep(10);
    }
    throw new Error('control: it never lived');
  }
  async function beats(spec: SandboxSpec): Promise<boolean> {
    const before = statSync(`${spec.workingCopy}/beat`).mtimeMs;
    await clock.sleep(80);
    return statSync(`${spec.workingCopy}/beat`).mtimeMs !== before;
  }
});

describe('an end', () => {
  it.each(['strict', 'none'] as const)('is told although a grandchild holds the output, level %s', async (level) => {
    const side = level === 'strict' ? walled : open;
    const startMs = performance.now();
    const tried = await tryShell(side.confinement, side.spec, 'echo said; sleep 3 & exit 7');
    expect(tried).toMatchObject({ output: 'said\n', exitCode: 7 });
    expect(performance.now() - startMs).toBeLessThan(1_500);
  });

  it('by SIGTERM lets the command inside finish by itself', async () => {
    const spec = ground.spec('strict');
    const confinement = await sandbox.open(spec);
    const started = confinement.start({
      command: '/bin/bash',
      args: ['-c', 'trap "echo polite > end; exit 5" TERM; echo ready; while :; do sleep 0.01; done'],
      env: {},
      cwd: spec.workingCopy,
    });
    await new Promise((resolve) => started.stdout.once('data', resolve));
    started.signal('SIGTERM');
    expect((await started.ended).exitCode).toBe(5);
    expect(readFileSync(`${spec.workingCopy}/end`, 'utf8')).toBe('polite\n');
    await confinement.close();
  });

  it('by close is polite first', async () => {
    const spec = ground.spec('strict');
    const confinement = await sandbox.open(spec);
    const started = confinement.start({
      command: '/bin/bash',
      args: ['-c', 'trap "echo polite > end; exit 0" TERM; echo ready; while :; do sleep 0.01; done'],
      env: {},
      cwd: spec.workingCopy,
    });
    await new Promise((resolve) => started.stdout.once('data', resolve));
    await confinement.close();
    expect(existsSync(`${spec.workingCopy}/end`)).toBe(true);
  });

  it('by its time limit is named so', async () => {
    for (const side of [walled, open]) {
      const tried = await tryShell(side.confinement, side.spec, 'sleep 30', {}, { timeoutMs: 150 });
      expect(tried.exceeded).toBe('time');
    }
  });

  it('keeps output beyond the bound out of memory', async () => {
    const end = await walled.confinement.run({
      command: '/usr/bin/yes',
      args: [],
      env: {},
      cwd: walled.spec.workingCopy,
      maxOutputBytes: 100_000,
    });
    expect(end.truncated).toBe(true);
    expect(end.stdout.length).toBe(100_000);
  });

  it('of a program that is not there is told too', async () => {
    const end = await walled.confinement.run({ command: '/nowhere/program', args: [], env: {}, cwd: walled.spec.workingCopy });
    expect(end.exitCode).toBe(127);
  });
});

describe('a server that is killed', () => {
  let child: ReturnType<typeof spawn> | null = null;
  afterEach(() => child?.kill('SIGKILL'));

  async function startServer(level: string, script: string, groups = 'yes'): Promise<{ pid: number; cgroup: string | null }> {
    mkdirSync(`${ground.base}/child-copy`, { recursive: true });
    const server = spawn(
      process.execPath,
      [new URL('child-server.ts', import.meta.url).pathname, ground.base, ground.homeId, level, script, groups],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child = server;
    let text = '';
    return new Promise((resolve) =>
      server.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const line = text.split('\n').find((candidate) => candidate.startsWith('{') && candidate.endsWith('}'));
        if (line !== undefined) resolve(JSON.parse(line));
      }),
    );
  }
  const ofChild = (): Promise<{ pid: number }[]> => markedProcesses({ GLUON_HOME_ID: ground.homeId, GLUON_RUN_ID: 'childrun' });

  it('leaves nothing of a strict sandbox', async () => {
    await startServer('strict', 'setsid sleep 60 </dev/null >/dev/null 2>&1 & echo ready; sleep 60');
    expect((await ofChild()).length, 'control').toBeGreaterThan(0);
    child?.kill('SIGKILL');
    for (let round = 0; round < 100 && (await ofChild()).length > 0; round += 1) await clock.sleep(10);
    expect(await ofChild()).toEqual([]);
    await sandbox.reap({ pid: null, pidStarted: null, cgroup: null, runId: 'childrun' });
  });

  it.each(['yes', 'no'])('leaves what reap finds at level none, with control groups: %s', async (groups) => {
    const { pid, cgroup } = await startServer('none', 'setsid sleep 60 </dev/null >/dev/null 2>&1 & echo ready; sleep 60', groups);
    const identity = processIdentity(pid);
    child?.kill('SIGKILL');
    await clock.sleep(50);
    expect((await ofChild()).length, 'control: they live on').toBeGreaterThan(1);
    expect((await sandbox.orphans(new Set())).filter(({ runId }) => runId === 'childrun').length).toBeGreaterThan(1);
    expect((await sandbox.orphans(new Set(['childrun']))).filter(({ runId }) => runId === 'childrun')).toEqual([]);
    const killed = await sandbox.reap({ pid, pidStarted: identity?.started ?? null, cgroup, runId: 'childrun' });
    expect(killed).toBeGreaterThan(1);
    expect(await ofChild()).toEqual([]);
  });

  it('does not make reap end a later process of the same number', async () => {
    const victim = victimProcess('');
    const identity = processIdentity(victim.pid);
    expect(await sandbox.reap({ pid: victim.pid, pidStarted: '1', cgroup: null, runId: 'gone' })).toBe(0);
    expect(victim.alive()).toBe(true);
    expect(await sandbox.reap({ pid: victim.pid, pidStarted: identity?.started ?? null, cgroup: null, runId: 'gone' })).toBe(1);
    await clock.sleep(30);
    expect(victim.alive()).toBe(false);
    await victim.end();
  });

  it.each(['/sys/fs/cgroup/freezer', '/sys/fs/cgroup/freezer/gluon-other/x', '/etc', '/sys/fs/cgroup/freezer/gluon-x/../..'])(
    'does not make reap follow the stored path %s',
    async (cgroup) => {
      const victim = victimProcess('');
      expect(await sandbox.reap({ pid: null, pidStarted: null, cgroup, runId: 'gone' })).toBe(0);
      expect(victim.alive()).toBe(true);
      expect(existsSync(cgroup) || cgroup.includes('gluon')).toBe(true);
      await victim.end();
    },
  );

  it('does not make reap touch what is open', async () => {
    const spec = ground.spec('none');
    const confinement = await sandbox.open(spec);
    const started = confinement.start({ command: '/bin/sleep', args: ['60'], env: {}, cwd: spec.workingCopy });
    const identity = processIdentity(started.pid ?? 0);
    await sandbox.reap({ pid: null, pidStarted: null, cgroup: null, runId: spec.runId });
    expect(identity !== null && isAlive(identity)).toBe(true);
    await confinement.close(0);
    expect(identity !== null && isAlive(identity)).toBe(false);
  });
});

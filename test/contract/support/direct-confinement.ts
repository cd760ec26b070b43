/** A confinement without walls, for tests of agents: processes run on the host, in a group of their own that `close` kills. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfinedCommand, ConfinedEnd, ConfinedProcess, Confinement } from '../../../src/ports/sandbox.ts';

export interface DirectConfinement extends Confinement {
  /** What was started, for tests that kill or look. */
  readonly started: { command: ConfinedCommand; child: ChildProcess }[];
  pretendExceeded(cap: 'memory' | 'pids' | 'disk'): void;
}

const NO_CAPS = {
  by: 'none',
  memory_bytes: null,
  cpu_cores: null,
  pids: null,
  file_bytes: null,
  disk_bytes: null,
} as unknown as Confinement['caps'];

export function directConfinement(home: string, more: Record<string, string> = {}): DirectConfinement {
  const started: DirectConfinement['started'] = [];
  let exceeded: 'memory' | 'pids' | 'disk' | null = null;
  const base = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    LANG: 'C.UTF-8',
    // Claude Code refuses to work unasked as root unless it is told that it is in a sandbox; here it is not, so nothing else says so.
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {}),
    ...more,
  };
  const launch = (command: ConfinedCommand): ChildProcess => {
    const child = spawn(command.command, command.args, {
      cwd: command.cwd,
      env: { ...base, ...command.env },
      detached: true,
      stdio: 'pipe',
    });
    started.push({ command, child });
    return child;
  };
  const kill = (child: ChildProcess, signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  return {
    level: 'none',
    caps: NO_CAPS,
    cgroup: null,
    leader: () => null,
    started,
    pretendExceeded(cap) {
      exceeded = cap;
    },
    start(command) {
      const child = launch(command);
      return { ...confined(child), kill: () => kill(child, 'SIGKILL') };
    },
    async run(command) {
      const child = launch(command);
      const out: Buffer[] = [];
      let errors = '';
      child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
      });
      // A command that does not read its input may be gone before it is written.
      child.stdin?.on('error', () => {});
      child.stdin?.end(command.input ?? '');
      const end = await endOf(child);
      return { ...end, stdout: Buffer.concat(out), stderr: errors, truncated: false };
    },
    exceeded: () => exceeded,
    async close(graceMs = 0) {
      const live = started.map(({ child }) => child).filter((child) => child.exitCode === null && child.signalCode === null);
      for (const child of live) kill(child, 'SIGTERM');
      if (live.length > 0 && graceMs > 0) await Promise.race([Promise.all(live.map((child) => once(child, 'exit'))), sleep(graceMs)]);
      // Also those whose leader has ended: a child may have outlived it.
      for (const { child } of started) kill(child, 'SIGKILL');
    },
  };
}

function confined(child: ChildProcess): ConfinedProcess {
  if (child.stdin === null || child.stdout === null || child.stderr === null) throw new Error('the process has no pipes');
  return {
    pid: child.pid ?? null,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended: endOf(child),
    signal: (signal) => {
      child.kill(signal);
    },
  };
}

function endOf(child: ChildProcess): Promise<ConfinedEnd> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ exitCode: 127, signal: null, exceeded: null }));
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, exceeded: null }));
  });
}

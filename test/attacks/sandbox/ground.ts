/** Ground for attacks: victims that lie truly outside a sandbox, and one call that tries a payload behind walls and without them. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type BubblewrapOptions, bubblewrapSandbox } from '../../../src/adapters/sandbox/bubblewrap/sandbox.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { Caps, ConfinedCommand, Confinement, Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';

export const NO_CAPS: Caps = { memoryBytes: null, cpuCores: null, pids: null, fileBytes: null, diskBytes: null };
export const PYTHON = '/usr/bin/python3';
export const isRoot = process.getuid?.() === 0;
export const clock = systemClock();

export interface Ground {
  /** Holds everything; nothing of it but the working copy and the session is given to a sandbox. */
  base: string;
  victim: string;
  home: string;
  canary: string;
  homeId: string;
  sandbox(options?: Partial<BubblewrapOptions>): Sandbox;
  /** A fresh working copy and session for each. */
  spec(level: SandboxSpec['level'], more?: Partial<SandboxSpec>): SandboxSpec;
  remove(): void;
}

export function makeGround(): Ground {
  // Not $TMPDIR: a sandbox has a folder of that name of its own.
  const base = mkdtempSync('/var/tmp/gluon-attack-');
  const [victim, home] = [`${base}/victim`, `${base}/home`];
  const canary = `canary-${randomBytes(8).toString('hex')}`;
  for (const folder of [victim, home, `${home}/.ssh`, `${victim}/folder`]) mkdirSync(folder);
  for (const file of [`${victim}/secret`, `${victim}/gluon.db`, `${victim}/folder/file`, `${home}/.ssh/id_ed25519`])
    writeFileSync(file, canary);
  const homeId = `test-${randomBytes(4).toString('hex')}`;
  let made = 0;
  return {
    base,
    victim,
    home,
    canary,
    homeId,
    sandbox: (options = {}) =>
      bubblewrapSandbox({
        folder: `${base}/sandbox`,
        homeId,
        rules: { userHome: home, protectedPaths: [`${victim}/gluon.db`] },
        environment: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: home },
        clock,
        ...options,
      }),
    spec(level, more = {}) {
      made += 1;
      const [workingCopy, sessionFolder] = [`${base}/copy${made}`, `${base}/session${made}`];
      mkdirSync(workingCopy);
      mkdirSync(sessionFolder);
      const runId = `run${made}${randomBytes(4).toString('hex')}`;
      return {
        level,
        runId,
        workingCopy,
        sessionFolder,
        readOnly: [],
        mounts: [],
        gatewaySocket: null,
        egressSocket: null,
        caps: NO_CAPS,
        ...more,
      };
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

export interface Tried {
  output: string;
  stderr: string;
  exitCode: number | null;
  exceeded: string | null;
}

export async function tryShell(
  confinement: Confinement,
  spec: SandboxSpec,
  script: string,
  env: Record<string, string> = {},
  more: Partial<ConfinedCommand> = {},
): Promise<Tried> {
  const end = await confinement.run({ command: '/bin/bash', args: ['-c', script], env, cwd: spec.workingCopy, timeoutMs: 15_000, ...more });
  return { output: Buffer.from(end.stdout).toString('utf8'), stderr: end.stderr, exitCode: end.exitCode, exceeded: end.exceeded };
}

/** A process of the host that an attacker would like to read, trace or end. */
export function victimProcess(canary: string): { pid: number; alive: () => boolean; end: () => Promise<void> } {
  const child = spawn('/bin/sleep', ['60'], { env: { VICTIM: canary }, stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid ?? 0,
    alive: () => child.exitCode === null && child.signalCode === null,
    end: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

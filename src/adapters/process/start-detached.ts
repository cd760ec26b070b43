/** Starts a program that outlives this one: the server in the background, or the browser. Nothing is inherited but what is named. */
import { spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';

export interface DetachedOptions {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** Output of both streams, appended, readable by its owner alone; without it output is dropped. */
  logFile?: string;
}

export interface Detached {
  readonly pid: number;
  hasEnded(): boolean;
}

/** Resolves when the program runs; rejects when it cannot be started. It leads a process group and a session of its own. */
export async function startDetached(command: string, args: readonly string[], options: DetachedOptions): Promise<Detached> {
  const log = options.logFile === undefined ? null : await open(options.logFile, 'a', 0o600);
  try {
    return await start(command, args, options, log);
  } finally {
    await log?.close();
  }
}

function start(command: string, args: readonly string[], options: DetachedOptions, log: FileHandle | null): Promise<Detached> {
  const output = log === null ? 'ignore' : log.fd;
  const child = spawn(command, [...args], { cwd: options.cwd, env: { ...options.env }, detached: true, stdio: ['ignore', output, output] });
  return new Promise((resolve, reject) => {
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve({ pid: child.pid ?? 0, hasEnded: () => ended });
    });
  });
}

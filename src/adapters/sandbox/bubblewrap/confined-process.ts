/** One started command and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { ConfinedEnd, ConfinedProcess, ProcessIdentity } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import { withoutInherited } from './inherited-descriptors.ts';
import { pause } from './pause.ts';
import { childWithInnerPid, processIdentity, signalProcess } from './process-table.ts';

/** Once the command has ended, streams that others still hold open are given this long without a byte. */
const QUIET_MS = 250;
/** And this long in all, when bytes go on coming or nobody reads them. */
const DRAIN_LIMIT_MS = 5_000;

/** Numbers under which bubblewrap finds them. */
export const DESCRIPTORS = { args: 3, status: 4, filter: 5 } as const;

export interface Launch {
  words: string[];
  /** Environment of the process on the host; the one inside goes through `bubblewrap`. */
  env: Record<string, string>;
  cwd: string;
  /** Null: started plainly. Else what goes through descriptors: the arguments, and the system call filter. */
  bubblewrap: { args: string[]; filter: Uint8Array | null } | null;
  /** Which cap ended it, asked once when it has ended. */
  exceeded: (exitCode: number | null) => ConfinedEnd['exceeded'];
  clock: Clock;
}

export interface StartedProcess extends ConfinedProcess {
  /** Settles when the process itself has ended, whatever its streams do. */
  readonly exited: Promise<void>;
  readonly identity: ProcessIdentity | null;
  /** SIGKILL to it, and with it to its pid namespace. */
  kill(): void;
  /** Pids on the host of the bubblewrap processes, which a polite signal must not reach. */
  wrapperPids(): number[];
}

export function startProcess(launch: Launch): StartedProcess {
  const child = spawnChild(launch);
  const identity = child.pid === undefined ? null : processIdentity(child.pid);
  const init = launch.bubblewrap === null ? null : namespaceInit(child);
  const stdout = (child.stdout ?? new PassThrough().end()) as Readable;
  const stderr = (child.stderr ?? new PassThrough().end()) as Readable;
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', () => resolve({ exitCode: null, signal: null }));
  });
  // Nobody reads back from the channels to bubblewrap, so they would not close by themselves.
  void exited.then(() => {
    for (const channel of child.stdio.slice(3)) (channel as Writable | null)?.destroy();
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = exited.then(async (end) => {
    await drained([stdout, stderr], closed, launch.clock);
    return { ...end, exceeded: launch.exceeded(end.exitCode) };
  });
  child.stdin?.on('error', () => {
    // EPIPE: the command ended before it read everything. Its end says what happened.
  });
  return {
    pid: child.pid ?? null,
    identity,
    stdin: (child.stdin ?? new PassThrough()) as Writable,
    stdout,
    stderr,
    ended,
    exited: exited.then(() => undefined),
    signal: (signal) => void signalCommand(signal, identity, init),
    kill: () => {
      if (init?.pid != null) signalProcess(init.pid, 'SIGKILL');
      if (identity !== null) signalProcess(identity, 'SIGKILL');
    },
    wrapperPids: () => [child.pid, init?.pid?.pid].filter((pid) => pid !== undefined),
  };
}

function spawnChild(launch: Launch): ChildProcess {
  const { bubblewrap } = launch;
  const pipes = bubblewrap === null ? 3 : bubblewrap.filter === null ? 5 : 6;
  const [command = '/bin/false', ...args] = launch.words;
  const child = spawn(command, args, {
    cwd: launch.cwd,
    env: launch.env,
    // A session of its own: an interrupt typed at the server's terminal must not end agents.
    detached: true,
    stdio: withoutInherited(Array.from({ length: pipes }, () => 'pipe' as const)),
  });
  // Without a listener a failed start would be an uncaught exception; `exited` tells it.
  child.on('error', () => {});
  if (bubblewrap !== null) {
    feed(child, DESCRIPTORS.args, Buffer.from(bubblewrap.args.map((word) => `${word}\0`).join('')));
    if (bubblewrap.filter !== null) feed(child, DESCRIPTORS.filter, bubblewrap.filter);
  }
  return child;
}

function feed(child: ChildProcess, descriptor: number, bytes: Uint8Array): void {
  const channel = child.stdio[descriptor] as Writable | null | undefined;
  channel?.on('error', () => {
    // bubblewrap ended before it read this; its exit says so.
  });
  channel?.end(bytes);
}

/** The first process of the pid namespace, as bubblewrap reports it. */
function namespaceInit(child: ChildProcess): { pid: ProcessIdentity | null; known: Promise<void> } {
  const state: { pid: ProcessIdentity | null; known: Promise<void> } = { pid: null, known: Promise.resolve() };
  const channel = child.stdio[DESCRIPTORS.status] as Readable | null | undefined;
  state.known = new Promise((resolve) => {
    let text = '';
    channel?.on('data', (chunk: Buffer) => {
      if (state.pid !== null) return;
      text += chunk.toString('utf8');
      const found = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      if (found === undefined) return;
      state.pid = processIdentity(Number(found));
      resolve();
    });
    channel?.on('error', () => resolve());
    channel?.on('close', () => resolve());
    child.once('exit', () => resolve());
  });
  return state;
}

/** Inside a pid namespace the command is pid 2, below bubblewrap's own first process. */
async function signalCommand(
  signal: NodeJS.Signals,
  identity: ProcessIdentity | null,
  init: { pid: ProcessIdentity | null; known: Promise<void> } | null,
): Promise<void> {
  if (init === null) {
    if (identity !== null) signalProcess(identity, signal);
    return;
  }
  await init.known;
  if (init.pid === null) return;
  const command = await childWithInnerPid(init.pid.pid, 2);
  if (command !== null) signalProcess(command, signal);
}

/** Waits for the end of the streams, but not for others that hold them: a grandchild with the output open must not keep an attempt alive. */
async function drained(streams: Readable[], closed: Promise<void>, clock: Clock): Promise<void> {
  const state = { finished: false };
  void closed.then(() => {
    state.finished = true;
  });
  const startMs = clock.monotonicMs();
  let [seen, quietSinceMs] = [-1, startMs];
  while (!state.finished) {
    await Promise.race([closed, pause(clock, QUIET_MS / 5)]);
    const nowMs = clock.monotonicMs();
    const bytes = streams.reduce((sum, stream) => sum + ((stream as Partial<Socket>).bytesRead ?? 0), 0);
    if (bytes !== seen) [seen, quietSinceMs] = [bytes, nowMs];
    const unread = streams.some((stream) => stream.readableLength > 0);
    if (!unread && nowMs - quietSinceMs >= QUIET_MS) {
      for (const stream of streams) stream.destroy();
      return;
    }
    if (nowMs - startMs >= DRAIN_LIMIT_MS) return;
  }
}

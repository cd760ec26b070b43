/** Runs one of our own tools (git, bwrap, tar …) to its end. Never for anything that an agent wrote: that goes through the sandbox port. */
import { execa } from 'execa';

export interface ToolOptions {
  cwd?: string;
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Fed to standard input, then closed; without it standard input is empty. */
  input?: string | Uint8Array;
  timeoutMs?: number;
  /** Standard output beyond this ends the tool and sets `truncated`. */
  maxOutputBytes?: number;
  signal?: AbortSignal;
  /** Sees standard output as it comes, in place of collecting it; `stop` ends the tool and sets `stopped`. */
  onOutput?: (chunk: Buffer) => 'more' | 'stop';
}

/** Every cause as a field of its own: no caller guesses from a message. */
export interface ToolEnd {
  /** Null when it did not end by itself. */
  exitCode: number | null;
  signal: string | null;
  stdout: Buffer;
  /** The first 64 KiB. */
  stderr: string;
  timedOut: boolean;
  /** Output was cut at `maxOutputBytes`. */
  truncated: boolean;
  /** `onOutput` had enough. */
  stopped: boolean;
  aborted: boolean;
  /** `ENOENT` and the like: the tool never ran. */
  startError: string | null;
}

const DEFAULT_TIMEOUT_MS = 120_000;
/** Big listings fit; a runaway tool does not take the memory of the server. */
const DEFAULT_MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MAX_STDERR_BYTES = 64 * 1024;

/** Never throws for what the tool does: look at the fields. The whole process group of the tool is ended with it. */
export async function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolEnd> {
  const output = collector(options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES, options.onOutput);
  const errors = collector(MAX_STDERR_BYTES, undefined);
  const child = execa(command, [...args], {
    cwd: options.cwd ?? '/',
    env: options.env,
    extendEnv: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    // Collected by hand: the library would end the tool for long error output too.
    buffer: false,
    encoding: 'buffer',
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: 2_000,
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    if (!output.take(chunk)) child.kill('SIGKILL');
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors.take(chunk);
  });
  const end = await child;
  return {
    exitCode: end.exitCode ?? null,
    signal: end.signal ?? null,
    stdout: output.bytes(),
    stderr: errors.bytes().toString('utf8'),
    timedOut: end.timedOut,
    truncated: output.cut(),
    stopped: output.stopped(),
    aborted: end.isCanceled,
    startError: child.pid === undefined ? (end.code ?? 'UNKNOWN') : null,
  };
}

function collector(maxBytes: number, onOutput: ToolOptions['onOutput']) {
  const chunks: Buffer[] = [];
  let size = 0;
  let cut = false;
  let stopped = false;
  return {
    /** False when no more is wanted. */
    take(chunk: Buffer): boolean {
      if (cut || stopped) return false;
      if (onOutput !== undefined) {
        stopped = onOutput(chunk) === 'stop';
        return !stopped;
      }
      const room = maxBytes - size;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      size += Math.min(chunk.length, room);
      cut = chunk.length > room;
      return !cut;
    },
    bytes: () => Buffer.concat(chunks),
    cut: () => cut,
    stopped: () => stopped,
  };
}

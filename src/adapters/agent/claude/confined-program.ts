/** The agent program in its sandbox, in the shape in which the SDK wants a process. */
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import { type ConfinedEnd, type ConfinedProcess, type Confinement, SANDBOX_PATHS } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import { lineGuard } from './line-guard.ts';

/** Enough for the last words of a program; its full output is not ours to keep. */
const MAX_STDERR_CHARS = 16 * 1024;

const HELD_OUTPUT_MS = 2_000;

/** Inside a sandbox with a file system of its own the program lies at a fixed place. */
export function programPath(confinement: Confinement, hostPath: string): string {
  return confinement.level === 'none' ? hostPath : SANDBOX_PATHS.agentProgram;
}

/** Starts the program; `ready` holds its output back while nobody keeps up with it. */
export function startProgram(
  confinement: Confinement,
  options: SpawnOptions,
  env: Record<string, string>,
  ready: () => Promise<void>,
): ConfinedProgram {
  // The SDK adds to the environment what tells the program who drives it; what we say wins.
  const added = Object.fromEntries(Object.entries(options.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const { command, args, cwd } = options;
  return new ConfinedProgram(confinement.start({ command, args, env: { ...added, ...env }, cwd: cwd ?? '/' }), ready);
}

export class ConfinedProgram extends EventEmitter implements SpawnedProcess {
  readonly stdin: ConfinedProcess['stdin'];
  readonly stdout: Readable;
  killed = false;
  end: ConfinedEnd | null = null;
  stderrTail = '';
  readonly #process: ConfinedProcess;

  constructor(process: ConfinedProcess, ready: () => Promise<void>) {
    super();
    this.#process = process;
    this.stdin = process.stdin;
    // A program that is gone cannot read: its end is told by `ended`, not by the broken pipe.
    process.stdin.on('error', () => {});
    process.stderr.setEncoding('utf8');
    process.stderr.on('data', (text: string) => {
      this.stderrTail = (this.stderrTail + text).slice(-MAX_STDERR_CHARS);
    });
    this.stdout = process.stdout.pipe(lineGuard({ ready }));
    process.ended.then(
      (end) => {
        if (this.end !== null) return;
        this.end = end;
        this.emit('exit', end.exitCode, end.signal);
      },
      (error: unknown) => this.emit('error', error instanceof Error ? error : new Error(String(error))),
    );
  }

  get ended(): Promise<ConfinedEnd> {
    return this.#process.ended;
  }

  /**
   * Ends the program whatever it wants. A child outside its reach may still hold its output: after a moment that is no longer waited
   * for, and the confinement, which its owner closes, ends the child.
   */
  async force(confinement: Confinement, clock: Clock): Promise<void> {
    if (this.end !== null) return;
    if (this.#process.kill === undefined) await confinement.close(0);
    else this.#process.kill();
    const ended = this.#process.ended.then(
      () => true,
      () => true,
    );
    if (await Promise.race([ended, clock.sleep(HELD_OUTPUT_MS).then(() => false)])) return;
    this.end = { exitCode: null, signal: 'SIGKILL', exceeded: null };
    this.#process.stdout.unpipe();
    this.stdout.push(null);
    this.emit('exit', null, 'SIGKILL');
  }

  get exitCode(): number | null {
    return this.end?.exitCode ?? null;
  }

  get signalCode(): NodeJS.Signals | null {
    return (this.end?.signal ?? null) as NodeJS.Signals | null;
  }

  /** The SDK's SIGKILL is ours to decide: see `force`. */
  kill(signal: NodeJS.Signals): boolean {
    this.killed = true;
    if (signal === 'SIGTERM' || signal === 'SIGINT') this.#process.signal(signal);
    return true;
  }
}

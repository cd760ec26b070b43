/** The command line inside a test: what it wrote is kept, signals and keys are given by hand. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { holdProcess } from '../../src/adapters/system/hold.ts';
import type { ExitCode } from '../../src/cli/exit-code.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run-cli.ts';

export interface TestCli {
  readonly home: string;
  readonly io: CliIo;
  out(): string;
  err(): string;
  run(...argv: string[]): Promise<ExitCode>;
  /** Forgets what was written. */
  clear(): void;
  interrupt(signal?: 'SIGINT' | 'SIGTERM'): void;
  close(): Promise<void>;
}

export interface TestCliOptions {
  readonly port?: number;
  readonly token?: string;
  readonly environment?: Record<string, string>;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly io?: Partial<CliIo>;
}

export async function testCli(options: TestCliOptions = {}): Promise<TestCli> {
  const home = await mkdtemp(join(tmpdir(), 'gluon-cli-'));
  await mkdir(join(home, 'logs'));
  if (options.token !== undefined) await writeFile(join(home, 'token'), `${options.token}\n`);
  const written = { out: '', err: '' };
  const listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();
  const isTerminal = options.terminal ?? false;
  const output = (to: 'out' | 'err'): CliIo['out'] => ({
    write(text) {
      written[to] += text;
    },
    isTerminal,
    columns: () => (isTerminal ? 100 : undefined),
    rows: () => (isTerminal ? 30 : undefined),
  });
  const refuse = async (): Promise<never> => {
    throw new Error('this test does not start a server');
  };
  const io: CliIo = {
    out: output('out'),
    err: output('err'),
    stdinIsTerminal: isTerminal,
    readStdin: async () => options.stdin ?? '',
    environment: {
      GLUON_HOME: home,
      GLUON_AUTOSTART: '0',
      ...(options.port === undefined ? {} : { GLUON_PORT: String(options.port) }),
      ...options.environment,
    },
    cwd: home,
    userHome: home,
    version: '9.9.9-test',
    clock: systemClock(),
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onKey: () => () => {},
    hold: holdProcess,
    processIsOurs: () => true,
    startServer: refuse,
    startServerInBackground: refuse,
    openInBrowser: refuse,
    ...options.io,
  };
  return {
    home,
    io,
    out: () => written.out,
    err: () => written.err,
    run: (...argv) => runCli(argv, io),
    clear() {
      written.out = '';
      written.err = '';
    },
    interrupt(signal = 'SIGINT') {
      for (const listener of [...listeners]) listener(signal);
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

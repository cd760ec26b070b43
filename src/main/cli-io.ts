/** The real terminal, process and clock, as the command line sees them. */
import { homedir } from 'node:os';
import { systemClock } from '../adapters/system/clock.ts';
import { captureEnvironment } from '../adapters/system/environment.ts';
import { holdProcess } from '../adapters/system/hold.ts';
import type { CliIo, RunningServer, TextOutput } from '../cli/io.ts';
import { homeFolder } from '../cli/server-place.ts';
import { programVersion } from './version.ts';

/** A prompt has at most 2 MB; more is refused by the server with its own words. */
const MAX_STDIN_BYTES = 8_000_000;

interface ServerStart {
  environment: CliIo['environment'];
  userHome: string;
  version: string;
}

export function processIo(startServer: (start: ServerStart) => Promise<RunningServer>): CliIo {
  const environment = captureEnvironment();
  const userHome = homedir();
  const version = programVersion();
  return {
    out: textOutput(process.stdout, environment),
    err: textOutput(process.stderr, environment),
    stdinIsTerminal: process.stdin.isTTY === true,
    readStdin,
    environment,
    cwd: process.cwd(),
    userHome,
    version,
    clock: systemClock(),
    onInterrupt,
    onKey,
    hold: holdProcess,
    processIsOurs,
    startServer: () => startServer({ environment, userHome, version }),
    async startServerInBackground(logFile) {
      const { startDetached } = await import('../adapters/process/start-detached.ts');
      const script = process.argv[1] ?? '';
      // It stands elsewhere: a relative home would be another one there.
      const env = { ...environment, GLUON_HOME: homeFolder({ environment, userHome, cwd: process.cwd() }) };
      return startDetached(process.execPath, [...process.execArgv, script, 'up'], { env, cwd: userHome, logFile });
    },
    async openInBrowser(address) {
      const { startDetached } = await import('../adapters/process/start-detached.ts');
      await startDetached(process.platform === 'darwin' ? 'open' : 'xdg-open', [address], { env: environment, cwd: userHome });
    },
  };
}

function textOutput(stream: NodeJS.WriteStream, environment: Readonly<Record<string, string | undefined>>): TextOutput {
  const isTerminal = stream.isTTY === true;
  const asked = Number(environment.COLUMNS);
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    columns: () => (isTerminal ? stream.columns : Number.isInteger(asked) && asked > 0 ? asked : undefined),
    rows: () => (isTerminal ? stream.rows : undefined),
  };
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_STDIN_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const interruptListeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();

/** The exit code of a program that Ctrl-C ended, where a command has no wish of its own. */
const INTERRUPTED = 130;

/** Called once at start: without a listener Ctrl-C ends the program at once, with the documented exit code. */
export function handleSignals(): void {
  process.on('SIGINT', () => {
    if (interruptListeners.size === 0) process.exit(INTERRUPTED);
    for (const listener of interruptListeners) listener('SIGINT');
  });
}

function tellTerm(): void {
  for (const listener of interruptListeners) listener('SIGTERM');
}

function onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
  if (interruptListeners.size === 0) process.on('SIGTERM', tellTerm);
  interruptListeners.add(listener);
  return () => {
    interruptListeners.delete(listener);
    if (interruptListeners.size === 0) process.off('SIGTERM', tellTerm);
  };
}

function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process;
  const hear = (chunk: Buffer): void => listener(chunk.toString('utf8'));
  stdin.setRawMode(true);
  stdin.on('data', hear);
  stdin.resume();
  return () => {
    stdin.off('data', hear);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

function processIsOurs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is none. EPERM: it is somebody else's.
    return false;
  }
}

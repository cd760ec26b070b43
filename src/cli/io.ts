/** What the command line needs of the world. The composition gives the real one, tests a recorded one. */
import type { Clock } from '../ports/system.ts';

export interface TextOutput {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined when it is none. */
  columns(): number | undefined;
  rows(): number | undefined;
}

/** What `gluon up` holds while it serves. */
export interface RunningServer {
  /** `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** In good order: attempts are left to the next start. */
  stop(): Promise<void>;
  /** Settles when the server has stopped, whoever asked. */
  readonly stopped: Promise<void>;
}

export interface CliIo {
  readonly out: TextOutput;
  readonly err: TextOutput;
  readonly stdinIsTerminal: boolean;
  /** All of standard input as text. */
  readStdin(): Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly userHome: string;
  /** Version of this program. */
  readonly version: string;
  readonly clock: Clock;
  /** Calls back on Ctrl-C and on a polite stop, in place of ending the process. The returned function takes it back. */
  onInterrupt(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Keys as they are typed, without echo; the returned function gives the terminal back. Only when standard input is a terminal. */
  onKey(listener: (key: string) => void): () => void;
  /** Timers of the clock do not keep the process alive: this does, until the returned function is called. */
  hold(): () => void;
  /** A process of this number lives and belongs to this user. */
  processIsOurs(pid: number): boolean;
  /** Starts the server in this process. */
  startServer(): Promise<RunningServer>;
  /** Starts `gluon up` on its own, its output in that file. */
  startServerInBackground(logFile: string): Promise<{ hasEnded(): boolean }>;
  /** Opens an address in the browser of the person. */
  openInBrowser(address: string): Promise<void>;
}

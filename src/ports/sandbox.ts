/** Confinement of everything that an agent or a repository makes run. */
import type { Readable, Writable } from 'node:stream';
import type { CapsInForce, DoctorFinding } from '../contract/resources.ts';
import type { SandboxLevel } from '../core/run/attempt.ts';

export interface Caps {
  memoryBytes: number | null;
  cpuCores: number | null;
  pids: number | null;
  fileBytes: number | null;
  diskBytes: number | null;
}

export interface SandboxSpec {
  level: SandboxLevel;
  runId: string;
  /** Writable, mounted at its own path. */
  workingCopy: string;
  /** Writable, kept between attempts: the agent's own session files. Mounted at `SANDBOX_PATHS.session`. */
  sessionFolder: string;
  /** Read-only, each at its own path. */
  readOnly: string[];
  /** Read-only files or folders at another place: the agent program, the trusted configuration. */
  mounts: { from: string; to: string }[];
  /** Unix sockets on the host that the sandbox may use, or null. */
  gatewaySocket: string | null;
  egressSocket: string | null;
  caps: Caps;
}

/** Where things are inside a sandbox with a file system of its own (strict, standard). At level none the host's paths serve. */
export const SANDBOX_PATHS = {
  home: '/home/agent',
  session: '/home/agent/.session',
  gatewaySocket: '/run/gluon/gateway.sock',
  egressSocket: '/run/gluon/egress.sock',
  /** Port inside the sandbox on which the egress proxy answers. */
  egressPort: 3128,
  trustedConfig: '/run/gluon/config',
  agentProgram: '/opt/gluon/agent',
} as const;

export interface ConfinedCommand {
  command: string;
  args: string[];
  /** The whole environment beside what the sandbox sets itself (PATH, HOME, LANG, TMPDIR, proxy). */
  env: Record<string, string>;
  cwd: string;
  /** Fed to standard input, then closed. */
  input?: string | Uint8Array;
  /** In place of `input`, for a command that waits for a word and then asks; only `run` serves it. */
  dialogue?: Dialogue;
  timeoutMs?: number;
  maxOutputBytes?: number;
  /** Without network, gateway or egress, whatever the level. */
  offline?: boolean;
}

/** What is said to a command that waits for a word and then asks. */
export interface Dialogue {
  /** When the command may begin: it is then sent a line feed. A rejection ends it. */
  begin: Promise<void>;
  /**
   * Called once, with what the command wrote before the first two NUL bytes in a row; standard input is what this gives, and ends. A
   * rejection ends the command and is thrown by `run`.
   */
  answer(question: Buffer): Promise<Uint8Array>;
}

export type ConfinedEnd = {
  exitCode: number | null;
  signal: string | null;
  /** The cap that ended it, when one did. */
  exceeded: 'memory' | 'pids' | 'disk' | 'time' | null;
};

export interface ConfinedProcess {
  readonly pid: number | null;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, when the process and its streams have ended. */
  readonly ended: Promise<ConfinedEnd>;
  /** Polite: the signal goes to the command itself, inside. */
  signal(signal: 'SIGTERM' | 'SIGINT'): void;
  /** By force: this process, and in a sandbox with processes of its own all that it started. The confinement stays open for others. */
  kill?(): void;
}

/** One per attempt; every process of the attempt is started through it and dies with it. */
export interface Confinement {
  readonly level: SandboxLevel;
  readonly caps: CapsInForce;
  /** For reconcile after a crash. */
  readonly cgroup: string | null;
  /** On the host: the first of the processes that were started and have not ended. For reconcile, too. */
  leader(): ProcessIdentity | null;
  start(command: ConfinedCommand): ConfinedProcess;
  /** Runs a command to its end and collects its output; of a dialogue what came after the question. */
  run(command: ConfinedCommand): Promise<ConfinedEnd & { stdout: Uint8Array; stderr: string; truncated: boolean }>;
  /** A cap was hit at any time since opening; also for processes that are not ours to wait for. */
  exceeded(): 'memory' | 'pids' | 'disk' | null;
  /** Polite signal, 5 s, then kill of the whole tree. Returns when no process is left. Safe to call twice. */
  close(graceMs?: number): Promise<void>;
}

export interface LevelReport {
  available: boolean;
  why: string | null;
}

export interface Sandbox {
  report(): Promise<{ levels: Record<SandboxLevel, LevelReport>; capsBy: CapsInForce['by']; program: string | null }>;
  /** Throws `sandbox_unavailable`; never falls back to a weaker level. */
  open(spec: SandboxSpec): Promise<Confinement>;
  /** The probe table of the runtime facts, each row really tried. */
  probe(): Promise<DoctorFinding[]>;
  /** Kills what an earlier server left behind: by cgroup, by process identity, by the marker of this home. Returns what was killed. */
  reap(left: { pid: number | null; pidStarted: string | null; cgroup: string | null; runId: string }): Promise<number>;
  /** Processes of this home that no live run owns. */
  orphans(liveRunIds: ReadonlySet<string>): Promise<{ pid: number; runId: string }[]>;
}

/** Identity of a process: its pid and its start time in clock ticks (field 22 of /proc/<pid>/stat). */
export interface ProcessIdentity {
  pid: number;
  started: string;
}

/**
 * The only place from which the host runs git. Everything that a repository could use to make git run a program, ask a question or
 * reach somewhere is off; what is on is named by the caller.
 */
import { GluonError } from '../../../contract/errors.ts';
import { withoutCredentials } from '../../../core/git/remote-url.ts';
import type { Clock } from '../../../ports/system.ts';
import { runTool, type ToolEnd } from '../../process/run-tool.ts';

/** Which repository, and whose rules. */
export interface GitScope {
  gitDir?: string;
  workTree?: string;
  /** Where objects are read and written, when that is not the git dir's own store. */
  objects?: { write: string; read?: string[] };
  indexFile?: string;
  /**
   * `personal`: a trusted person's own action on their own repository (fetch, push, sync): their global configuration, ssh agent and
   * credential helpers count. Hooks stay off.
   */
  rules?: 'own' | 'personal';
}

export interface GitCall extends GitScope {
  args: readonly string[];
  input?: string | Uint8Array;
  env?: Readonly<Record<string, string>>;
  /** Settings passed as `-c`: key=value. */
  settings?: readonly string[];
  cwd?: string;
  timeoutMs?: number;
  maxOutputBytes?: number;
  onOutput?: (chunk: Buffer) => 'more' | 'stop';
  /** May take the optional locks of the index. Without it git only looks. */
  writes?: boolean;
}

export interface GitExec {
  /** Gives the end whatever it was; throws only `git_failed` when git could not run, timed out or flooded. */
  end(call: GitCall): Promise<ToolEnd>;
  /** Output of a call that must succeed; throws `git_failed`, `repository_locked`, `disk_full`. */
  bytes(call: GitCall): Promise<Buffer>;
  /** The same as text, without the last line feed. */
  text(call: GitCall): Promise<string>;
  /** The same split at NUL, without the empty record after the last. */
  records(call: GitCall): Promise<Buffer[]>;
}

/** Keys that would make git run something or read further files, whatever a repository says. */
const OFF = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.editor=false',
  'submodule.recurse=false',
  'diff.ignoreSubmodules=all',
  'protocol.ext.allow=never',
  'safe.bareRepository=explicit',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
];

/** What git is told to write reaches the disk before it says that it is done: git alone leaves a power cut empty objects and branches. */
const DURABLE = 'core.fsync=committed,loose-object,reference';

const DEFAULT_TIMEOUT_MS = 60_000;
/** Another git of the person holds its locks for moments: 8 tries over about 3 s. */
const LOCK_TRIES = 8;

export function gitExec(options: { clock: Clock; env: Readonly<Record<string, string | undefined>> }): GitExec {
  async function once(call: GitCall): Promise<ToolEnd> {
    const end = await runTool('git', argumentsOf(call), {
      cwd: call.cwd ?? '/',
      env: environmentOf(call, options.env),
      timeoutMs: call.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(call.input === undefined ? {} : { input: call.input }),
      ...(call.maxOutputBytes === undefined ? {} : { maxOutputBytes: call.maxOutputBytes }),
      ...(call.onOutput === undefined ? {} : { onOutput: call.onOutput }),
    });
    if (end.startError !== null) throw failed(call, `it could not be started (${end.startError})`);
    if (end.timedOut) throw failed(call, 'it took too long');
    if (end.truncated) throw failed(call, 'it wrote more than was allowed');
    if (end.exitCode === null && !end.stopped) throw failed(call, `it was ended by ${end.signal ?? 'a signal'}`);
    return end;
  }

  async function end(call: GitCall): Promise<ToolEnd> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await once(call);
      if (result.exitCode === 0 || attempt === LOCK_TRIES || !isLock(result.stderr)) return result;
      await options.clock.sleep(25 * 2 ** (attempt - 1));
    }
  }

  async function bytes(call: GitCall): Promise<Buffer> {
    const result = await end(call);
    if (result.exitCode === 0 || result.stopped) return result.stdout;
    throw failureOf(call, result.stderr);
  }

  const text = async (call: GitCall) => (await bytes(call)).toString('utf8').replace(/\n$/, '');
  return { end, bytes, text, records: async (call) => splitNul(await bytes(call)) };
}

export function splitNul(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, from)) {
    records.push(bytes.subarray(from, at));
    from = at + 1;
  }
  if (from < bytes.length) records.push(bytes.subarray(from));
  return records;
}

/** The catalogue's error for what git wrote to its error output. */
export function failureOf(call: GitCall, stderr: string): GluonError {
  if (isLock(stderr)) return new GluonError('repository_locked', { path: call.workTree ?? call.gitDir ?? '' });
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return new GluonError('disk_full', { path: call.gitDir ?? '' });
  const line = stderr.split('\n').find((candidate) => /^(?:fatal|error): /.test(candidate)) ?? stderr.split('\n')[0] ?? '';
  return failed(call, line.replace(/^(?:fatal|error): /, '').slice(0, 500) || 'it gave no reason');
}

function failed(call: GitCall, why: string): GluonError {
  return new GluonError('git_failed', { command: call.args[0] ?? '', why: withoutCredentials(why) });
}

function isLock(stderr: string): boolean {
  return /Unable to create '[^']*\.lock': File exists|could not lock config file|cannot lock ref '[^']*': Unable to create/.test(stderr);
}

function argumentsOf(call: GitCall): string[] {
  const off = call.rules === 'personal' ? OFF.filter((key) => !key.startsWith('core.editor')) : OFF;
  return [
    '--no-pager',
    ...(call.gitDir === undefined ? [] : [`--git-dir=${call.gitDir}`]),
    ...(call.workTree === undefined ? [] : [`--work-tree=${call.workTree}`]),
    ...[...off, ...(call.writes === true ? [DURABLE] : []), ...(call.settings ?? [])].flatMap((setting) => ['-c', setting]),
    ...call.args,
  ];
}

/** Kept from the server's environment for a person's own action: how they reach and prove themselves to their remote. */
const PERSONAL = [
  'HOME',
  'USER',
  'LOGNAME',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'SSH_AUTH_SOCK',
  'GNUPGHOME',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'no_proxy',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

function environmentOf(call: GitCall, base: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const env: Record<string, string> = {
    PATH: base.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: call.rules === 'personal' ? 'https:ssh:file' : 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ATTR_NOSYSTEM: '1',
    // A person's own repository is found from its own folder, never from a parent across a mount.
    GIT_DISCOVERY_ACROSS_FILESYSTEM: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
  if (call.writes !== true) env.GIT_OPTIONAL_LOCKS = '0';
  if (call.rules === 'personal') {
    for (const name of PERSONAL) {
      const value = base[name];
      if (value !== undefined) env[name] = value;
    }
  } else {
    env.GIT_CONFIG_NOSYSTEM = '1';
    env.GIT_CONFIG_GLOBAL = '/dev/null';
    env.HOME = '/nonexistent';
  }
  if (call.objects !== undefined) {
    env.GIT_OBJECT_DIRECTORY = call.objects.write;
    const read = call.objects.read ?? [];
    if (read.length > 0) env.GIT_ALTERNATE_OBJECT_DIRECTORIES = read.map(quoteForList).join(':');
  }
  if (call.indexFile !== undefined) env.GIT_INDEX_FILE = call.indexFile;
  return { ...env, ...call.env };
}

/** Git reads this list split at colons, and understands a quoted member. */
function quoteForList(path: string): string {
  return /[:"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}

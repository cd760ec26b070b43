/** Asks the inside of a sandbox what a working copy holds, and for a pack of it. All that comes back is untrusted and checked here. */
import { GluonError } from '../../../contract/errors.ts';
import { isStorablePath } from '../../../core/git/safe-path.ts';
import type { WorkFound } from '../../../core/git/work-found.ts';
import type { RunConfined } from '../../../ports/git.ts';
import { isObjectName } from './commit-names.ts';
import { LOOK, SEND } from './confined-scripts.ts';
import { splitNul } from './git-exec.ts';
import type { Repository } from './repository.ts';

export interface Found extends WorkFound {
  /** The other side of a merge under way. */
  merging: string | null;
  /** Commits of all local branches and the newest stash. */
  others: string[];
  /** As bytes: file names need not be UTF-8. */
  paths: Buffer[];
  /** Folders with a repository of their own. */
  embedded: string[];
  /** Tracked files are gone. */
  deleted: boolean;
  /** KiB of ignored files that were left out, or null. */
  leftOutKib: number | null;
}

export interface ConfinedPlace {
  confined: RunConfined;
  repository: Repository;
  workingCopy: string;
  branch: string;
  since: string;
  /** Do not use what the agent's own git dir holds: it proved broken. */
  ignoreGit: boolean;
}

const LOOK_TIMEOUT_MS = 180_000;
const SEND_TIMEOUT_MS = 600_000;
/** Names of some hundred thousand files. */
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

export async function look(place: ConfinedPlace, list: 'none' | 'changed' | 'all', ignoredKib: number): Promise<Found> {
  const end = await place.confined({
    command: '/bin/sh',
    args: ['-c', LOOK],
    cwd: place.workingCopy,
    env: { ...environment(place), GLUON_LIST: list, GLUON_IGNORED_KIB: String(ignoredKib) },
    offline: true,
    timeoutMs: LOOK_TIMEOUT_MS,
    maxOutputBytes: MAX_LISTING_BYTES,
  });
  if (end.exitCode !== 0) throw new GluonError('import_refused', { why: `the working copy could not be read (${reason(end)})` });
  return parseFound(Buffer.from(end.stdout));
}

export interface SendRequest {
  tip: string;
  commit: 'none' | 'branch' | 'aside';
  parents: string[];
  paths: readonly Buffer[];
  message: string;
  identity: Record<string, string>;
  /** Commits that the project has. */
  known: string[];
  maxBytes: number;
}

/** Null when the sandbox could not make or send it: the caller decides what then. */
export async function send(place: ConfinedPlace, request: SendRequest): Promise<{ tip: string; pack: Buffer } | { refused: string }> {
  const limit = request.maxBytes + 4096;
  const end = await place.confined({
    command: '/bin/sh',
    args: ['-c', SEND],
    cwd: place.workingCopy,
    env: {
      ...environment(place),
      ...request.identity,
      GLUON_TIP: request.tip,
      GLUON_COMMIT: request.commit,
      GLUON_PARENTS: request.parents.join(' '),
      GLUON_KNOWN: request.known.join(' '),
      GLUON_MESSAGE: request.message,
    },
    input: Buffer.concat(request.paths.flatMap((path) => [path, Buffer.from([0])])),
    offline: true,
    timeoutMs: SEND_TIMEOUT_MS,
    maxOutputBytes: limit,
  });
  const output = Buffer.from(end.stdout);
  if (output.length >= limit) throw new GluonError('import_refused', { why: `they are larger than ${request.maxBytes} bytes` });
  if (end.exitCode !== 0) return { refused: reason(end) };
  const lineEnd = output.indexOf(10);
  const tip = /^gluon-pack ([0-9a-f]+)$/.exec(output.subarray(0, Math.max(0, lineEnd)).toString('latin1'))?.[1];
  if (tip === undefined || !isObjectName(tip)) return { refused: 'the sandbox sent something else than a pack' };
  return { tip, pack: output.subarray(lineEnd + 1) };
}

function environment(place: ConfinedPlace): Record<string, string> {
  return {
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'none',
    GLUON_BRANCH: place.branch,
    GLUON_SINCE: place.since,
    GLUON_IGNORE_GIT: place.ignoreGit ? '1' : '0',
    GLUON_CONFIG: freshConfig(place.repository),
    GLUON_BORROWED: place.repository.allObjects.join('\n'),
    GLUON_BORROWED_LIST: place.repository.allObjects
      .map((path) => (/[:\\]/.test(path) ? `"${path.replace(/\\/g, '\\\\')}"` : path))
      .join(':'),
  };
}

/** Names that NTFS or HFS would mistake are kept out by our own rule, not by a failure of the whole commit. */
function freshConfig(repository: Repository): string {
  const settings = [
    '[core]',
    `repositoryformatversion = ${repository.format === 'sha256' ? 1 : 0}`,
    'bare = false',
    'hooksPath = /dev/null',
    'fsmonitor = false',
    'logallrefupdates = false',
    'looseCompression = 1',
    '[pack]',
    'threads = 1',
    'compression = 1',
    ...(repository.format === 'sha256' ? ['[extensions]', 'objectFormat = sha256'] : []),
  ];
  return `${settings.join('\n')}\n`;
}

export function parseFound(output: Buffer): Found {
  const records = splitNul(output);
  const facts = new Map<string, string>();
  const others: string[] = [];
  let at = 0;
  for (; at < records.length; at += 1) {
    const text = (records[at] ?? Buffer.alloc(0)).toString('latin1');
    if (text === 'paths') break;
    const space = text.indexOf(' ');
    const [key, value] = [text.slice(0, space), text.slice(space + 1)];
    if (key === 'other' && isObjectName(value)) others.push(value);
    else facts.set(key, value);
  }
  const sha = (key: string) => {
    const value = facts.get(key) ?? '';
    return isObjectName(value) ? value : null;
  };
  return {
    head: sha('head'),
    branch: sha('branch'),
    merging: sha('merging'),
    on: facts.get('on') ?? null,
    headIsBehindBranch: facts.has('behind'),
    unmerged: facts.has('unmerged'),
    rebasing: facts.has('rebasing'),
    others: [...new Set(others)],
    ...pathsOf(records.slice(at + 1)),
  };
}

function pathsOf(records: readonly Buffer[]): Pick<Found, 'paths' | 'embedded' | 'deleted' | 'leftOutKib'> {
  const paths = new Map<string, Buffer>();
  const embedded: string[] = [];
  let leftOutKib: number | null = null;
  let deleted = false;
  for (const record of records) {
    const bytes = record.subarray(0, 2).toString('latin1') === './' ? record.subarray(2) : record;
    const text = bytes.toString('latin1');
    // No path has two slashes at its start: this is the script speaking.
    if (text.startsWith('//left-out ')) leftOutKib = Number.parseInt(text.slice('//left-out '.length), 10) || 0;
    else if (text === '//deleted') deleted = true;
    else if (text.endsWith('/')) embedded.push(bytes.toString('utf8'));
    // Judged as UTF-8, where the names that HFS would ignore characters of are visible.
    else if (isStorablePath(bytes.toString('utf8'))) paths.set(text, bytes);
  }
  return { paths: [...paths.values()], embedded, deleted, leftOutKib };
}

function reason(end: { exitCode: number | null; stderr: string }): string {
  const line = end.stderr.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text is made plain
  return `${end.exitCode ?? 'ended by force'}: ${line.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200)}`;
}

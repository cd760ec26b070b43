/** Asks the inside of a sandbox what a working copy holds, and for a pack of it. All that comes back is untrusted and checked here. */
import { GluonError } from '../../../contract/errors.ts';
import { isStorablePath } from '../../../core/git/safe-path.ts';
import type { WorkFound } from '../../../core/git/work-found.ts';
import type { RunConfined } from '../../../ports/git.ts';
import { isObjectName } from './commit-names.ts';
import { TAKE_OUT, UPON_WORD } from './confined-scripts.ts';
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
  /** Pipes lay among the files; they were removed. */
  pipes: boolean;
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

export interface Look {
  list: 'none' | 'changed' | 'all';
  /** More than this of ignored files is left out. */
  ignoredKib: number;
  /** Of the pack. */
  maxBytes: number;
}

export interface SendRequest {
  tip: string;
  commit: 'none' | 'branch' | 'aside';
  parents: string[];
  paths: readonly Buffer[];
  message: string;
  identity: { name: string; email: string };
  /** Commits that the project has. */
  known: string[];
}

export interface Sent {
  tip: string;
  pack: Buffer;
}

/** The agent's own end is waited for within it too. */
const TIMEOUT_MS = 900_000;
/** From the word to the end of the pack: installing dependencies leaves hundreds of thousands of files to look at. */
const LIMIT_S = 180;
/** How a command ends that its limit ended. */
const TOO_LATE = 124;
/** Names of some hundred thousand files. */
const MAX_LISTING_BYTES = 64 * 1024 * 1024;

/**
 * One process in the sandbox: when `begin` resolves it looks; `decide` is told what it found and says what to send, or null for nothing.
 * Gives null then. Throws `import_refused`: `the working copy …` when it could not be read, `they …` or `the sandbox …` for what it sent.
 */
export async function takeOut(
  place: ConfinedPlace,
  look: Look,
  begin: Promise<void>,
  decide: (found: Found) => Promise<SendRequest | null>,
): Promise<Sent | null> {
  let begun = false;
  begin.then(
    () => {
      begun = true;
    },
    // Told by the process that it ends.
    () => {},
  );
  // One turn, so that a word that was said before is heard.
  await null;
  const waited = !begun;
  let state: 'unread' | 'nothing' | 'sending' = 'unread';
  const end = await place.confined({
    command: '/bin/sh',
    args: ['-c', UPON_WORD, 'sh', String(LIMIT_S), TAKE_OUT],
    cwd: place.workingCopy,
    env: { ...environment(place), GLUON_LIST: look.list, GLUON_IGNORED_KIB: String(look.ignoredKib) },
    dialogue: {
      begin,
      async answer(question) {
        if (question.length > MAX_LISTING_BYTES)
          throw new GluonError('import_refused', { why: `they name more than ${MAX_LISTING_BYTES} bytes of files` });
        const request = await decide(parseFound(question));
        state = request === null ? 'nothing' : 'sending';
        return request === null ? Buffer.from('nothing\n') : answerOf(request);
      },
    },
    offline: true,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_LISTING_BYTES + look.maxBytes,
  });
  const read = state as 'unread' | 'nothing' | 'sending';
  // One that waited was taken along by the end of the agent, by a cap, say. That says nothing about the working copy.
  if (!begun || (waited && read === 'unread' && byForce(end.exitCode))) {
    await begin;
    return takeOut(place, look, begin, decide);
  }
  // Not tried again: what it waited for is still there.
  if (end.exitCode === TOO_LATE && read !== 'nothing')
    throw new GluonError('import_refused', { why: `they could not be read and sent within ${LIMIT_S} s` });
  if (read === 'unread') throw new GluonError('import_refused', { why: `the working copy could not be read (${reason(end)})` });
  if (read === 'nothing') return null;
  if (end.stdout.length > look.maxBytes) throw new GluonError('import_refused', { why: `they are larger than ${look.maxBytes} bytes` });
  return sentOf(end);
}

/** Killed itself, or told by its wrapper that what it held was. */
function byForce(exitCode: number | null): boolean {
  return exitCode === null || exitCode > 128;
}

function answerOf(request: SendRequest): Buffer {
  const { commit, tip, parents, known, identity } = request;
  const message = Buffer.from(request.message);
  const lines = [commit, tip, parents.join(' '), known.join(' '), identity.name, identity.email, message.length];
  return Buffer.concat([Buffer.from(`${lines.join('\n')}\n`), message, ...request.paths.flatMap((path) => [path, Buffer.from([0])])]);
}

function sentOf(end: { exitCode: number | null; stdout: Uint8Array; stderr: string }): Sent {
  const refused = (why: string) => new GluonError('import_refused', { why: `the sandbox could not send them (${why})` });
  if (end.exitCode !== 0) throw refused(reason(end));
  const output = Buffer.from(end.stdout.buffer, end.stdout.byteOffset, end.stdout.byteLength);
  const lineEnd = output.indexOf(10);
  const tip = /^gluon-pack ([0-9a-f]+)$/.exec(output.subarray(0, Math.max(0, lineEnd)).toString('latin1'))?.[1];
  if (tip === undefined || !isObjectName(tip)) throw refused('it sent something else than a pack');
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
    // The agent's index may bring a cache of what is new.
    'untrackedCache = false',
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
    pipes: facts.has('pipes'),
    others: [...new Set(others)],
    ...pathsOf(records.slice(at + 1)),
  };
}

function pathsOf(records: readonly Buffer[]): Pick<Found, 'paths' | 'embedded' | 'deleted' | 'leftOutKib'> {
  const paths = new Map<string, Buffer>();
  const embedded: string[] = [];
  let leftOutKib: number | null = null;
  let deleted = false;
  let plain = false;
  for (const record of records) {
    const text = record.toString('latin1');
    // No path has two slashes at its start, and no record of a status: this is the script speaking.
    if (text === '//more') plain = true;
    else if (text.startsWith('//left-out ')) leftOutKib = Number.parseInt(text.slice('//left-out '.length), 10) || 0;
    // Of `XY path` the second letter says how the file differs.
    else if (!plain && text[1] === 'D') deleted = true;
    else {
      const path = plain ? record.subarray(text.startsWith('./') ? 2 : 0) : record.subarray(3);
      const name = path.toString('utf8');
      if (name.endsWith('/')) embedded.push(name);
      // Judged as UTF-8, where the names that HFS would ignore characters of are visible.
      else if (isStorablePath(name)) paths.set(path.toString('latin1'), path);
    }
  }
  return { paths: [...paths.values()], embedded, deleted, leftOutKib };
}

function reason(end: { exitCode: number | null; stderr: string }): string {
  const line = end.stderr.split('\n').find((candidate) => candidate.trim() !== '') ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: untrusted text is made plain
  return `${end.exitCode ?? 'ended by force'}: ${line.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?').slice(0, 200)}`;
}

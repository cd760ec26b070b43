/** The folders of a home, and careful work on them. */
import { lstat, mkdir, opendir, readdir, readFile, realpath, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { GluonError } from '../../contract/errors.ts';
import type { Home } from '../../ports/files.ts';
import { whenAbsent } from './absent.ts';
import { openBeneath, openFolderBeneath } from './beneath.ts';
import { needDescriptors } from './descriptors.ts';
import { findRepositories } from './repositories.ts';
import { copyTree, removeTree } from './tree.ts';

/** Looking at more entries than this takes longer than anybody waits; the figure is then a lower bound. */
const MAX_ENTRIES = 500_000;
/** An agent can close its folders and nest them too deep for a path: it must not be able to keep anybody from counting the rest. */
const UNCOUNTED = ['EACCES', 'ENAMETOOLONG'];
/** Beside a session folder that is being made. */
const UNFINISHED = '.unfinished';
const LOG_TAIL_BYTES = 4 * 1024 * 1024;

export interface HomeFolderOptions {
  path: string;
  userHome: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Where the system shows open files; elsewhere in tests only. */
  descriptors?: string;
}

export function homeFolders(options: HomeFolderOptions): Home {
  const { path: home } = options;
  const worktrees = join(home, 'worktrees');
  return {
    path: home,
    worktrees,
    sessionFolder: (runId) => join(home, 'sessions', runId),
    trustedFolder: (runId) => join(home, 'trusted', runId),
    logFolder: (runId) => join(home, 'logs', runId),
    async freeBytes() {
      const facts = await statfs(home);
      return facts.bavail * facts.bsize;
    },
    bytesBelow,
    listWorktrees: (root = worktrees) => foldersIn(root),
    exists: (path) => lstat(path).then(() => true, whenAbsent(false)),
    async makeFolder(path) {
      await mkdir(inside(home, path), { recursive: true, mode: 0o700 });
    },
    async removeFolder(path) {
      await needDescriptors(options.descriptors);
      await removeFolder(home, path);
    },
    async copyFolder(from, to) {
      await needDescriptors(options.descriptors);
      await copyFolder(home, from, to);
    },
    async noteUnfinished(runId) {
      await writeFile(inside(home, join(home, 'sessions', `${runId}${UNFINISHED}`)), '', { mode: 0o600 });
    },
    async clearUnfinished(runId) {
      await rm(inside(home, join(home, 'sessions', `${runId}${UNFINISHED}`)), { force: true });
    },
    async unfinished() {
      const names = await readdir(join(home, 'sessions'));
      return names.filter((name) => name.endsWith(UNFINISHED)).map((name) => name.slice(0, -UNFINISHED.length));
    },
    async readBeneath(root, path, maxBytes) {
      await needDescriptors(options.descriptors);
      return readBeneath(root, path, maxBytes);
    },
    findRepositories,
    resolvePath: (path) => resolvePath(options, path),
    serverLog: (lines) => readTail(join(home, 'logs', 'server.log'), lines),
  };
}

/** None where there is no such root: it was never used, or its disk is not mounted. */
async function foldersIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(whenAbsent([]));
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(root, entry.name))
    .sort();
}

async function removeFolder(home: string, path: string): Promise<void> {
  const parts = relative(home, inside(home, path)).split(sep);
  const parent = await openFolderBeneath(home, parts.slice(0, -1));
  // No such folder, or a link on the way to it: there is nothing of ours to remove.
  if (parent === null) return;
  await removeTree(parent, parts.at(-1) ?? '').finally(() => parent.close());
}

async function copyFolder(home: string, from: string, to: string): Promise<void> {
  const source = await openFolderBeneath(home, relative(home, inside(home, from)).split(sep));
  if (source === null) return;
  try {
    await mkdir(inside(home, to), { recursive: true, mode: 0o700 });
    const target = await openFolderBeneath(home, relative(home, to).split(sep));
    if (target === null) throw new Error(`${to} became something else meanwhile`);
    await copyTree(source, target).finally(() => target.close());
  } finally {
    await source.close();
  }
}

function inside(home: string, path: string): string {
  const below = relative(home, resolve(path));
  if (below === '' || below.startsWith('..') || isAbsolute(below)) throw new Error(`${path} is not inside the home`);
  return path;
}

async function bytesBelow(path: string): Promise<number> {
  const first = await lstat(path).catch(whenAbsent(null));
  if (first === null) return 0;
  if (!first.isDirectory()) return first.size;
  let bytes = 0;
  let left = MAX_ENTRIES;
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop()) {
    const entries = await opendir(folder).catch(whenAbsent(null, UNCOUNTED));
    if (entries === null) continue;
    for await (const entry of entries) {
      left -= 1;
      const full = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(full);
      else bytes += (await lstat(full).catch(whenAbsent(null, UNCOUNTED)))?.size ?? 0;
    }
  }
  return bytes;
}

async function readBeneath(root: string, path: string, maxBytes: number): Promise<Uint8Array | null> {
  const file = await openBeneath(root, path);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new GluonError('too_large', { what: path, limit: maxBytes });
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function resolvePath(options: HomeFolderOptions, given: string): Promise<string> {
  const filled = given
    .replace(/^~(?=$|\/)/, options.userHome)
    .replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced?: string, plain?: string) => options.environment[braced ?? plain ?? ''] ?? whole);
  if (filled.includes('\0') || !isAbsolute(filled)) throw new GluonError('path_not_found', { path: given });
  const real = await realpath(filled).catch(whenAbsent(null));
  if (real === null || !(await stat(real)).isDirectory()) throw new GluonError('path_not_found', { path: filled });
  return real;
}

async function readTail(path: string, lines: number): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8').catch(whenAbsent(''));
  return text
    .slice(-LOG_TAIL_BYTES)
    .split('\n')
    .filter((line) => line !== '')
    .slice(-lines)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        // The first line of the tail may be cut in half.
        return [];
      }
    });
}

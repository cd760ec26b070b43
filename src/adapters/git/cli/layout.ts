/** Where a project's repository keeps its parts, read from the files: nothing is searched for in parent folders. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';

export interface Layout {
  /** Top of the checkout. */
  top: string;
  /** Git dir of this checkout: HEAD and index. */
  gitDir: string;
  /** Common git dir: references, configuration. */
  commonDir: string;
  objects: string;
  /** The object store and every store that it borrows from, itself first. */
  allObjects: string[];
}

/** Throws `repository_missing` when the repository was moved or deleted. */
export async function layoutOf(projectPath: string): Promise<Layout> {
  const missing = () => new GluonError('repository_missing', { project: basename(projectPath), path: projectPath });
  const gitDir = await gitDirOf(projectPath);
  if (gitDir === null || (await kind(join(gitDir, 'HEAD'))) !== 'file') throw missing();
  const common = await readText(join(gitDir, 'commondir'));
  const commonDir = common === null ? gitDir : await realpath(resolve(gitDir, common.trim())).catch(() => null);
  if (commonDir === null || (await kind(join(commonDir, 'objects'))) !== 'folder') throw missing();
  const objects = await realpath(join(commonDir, 'objects'));
  return { top: projectPath, gitDir, commonDir, objects, allObjects: await withBorrowed(objects) };
}

/** `.git` is a folder, or a file that names one (linked worktree, submodule). */
async function gitDirOf(projectPath: string): Promise<string | null> {
  const dotGit = join(projectPath, '.git');
  switch (await kind(dotGit)) {
    case 'folder':
      return realpath(dotGit);
    case 'file': {
      const target = /^gitdir: (.+?)\n?$/s.exec((await readText(dotGit)) ?? '')?.[1];
      if (target === undefined) return null;
      const path = resolve(dirname(dotGit), target);
      return (await kind(path)) === 'folder' ? realpath(path) : null;
    }
    default:
      return null;
  }
}

/** Follows `info/alternates`, chained ones too; git itself goes at most five deep. */
async function withBorrowed(first: string): Promise<string[]> {
  const found = [first];
  for (const store of found) {
    if (found.length > 32) throw new GluonError('repository_unsafe', { path: first, why: 'it borrows objects from too many places' });
    for (const line of ((await readText(join(store, 'info', 'alternates'))) ?? '').split('\n')) {
      if (line === '' || line.startsWith('#')) continue;
      const path = await realpath(resolve(store, line)).catch(() => null);
      if (path !== null && !found.includes(path)) found.push(path);
    }
  }
  const odd = found.find((path) => /[\n"]/.test(path));
  if (odd !== undefined)
    throw new GluonError('repository_unsafe', { path: first, why: 'a path of its object store has a line feed or a quote' });
  return found;
}

async function kind(path: string): Promise<'file' | 'folder' | 'none'> {
  const found = await stat(path).catch(() => null);
  if (found === null) return 'none';
  return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'none';
}

/** Null when it cannot be read: the callers treat that as not there. */
async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/**
 * References read from their files, as git keeps them unless it is told otherwise: a process for each would be the larger part of many
 * an operation. What is not the plain case (a symbolic reference, another format, a large list) is left to git.
 */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from './repository.ts';

/** `value` null: there is none. Null in all: ask git. */
export type FileRef = { value: string | null } | null;

type Place = Pick<Repository, 'commonDir' | 'gitDir' | 'refsInFiles'>;

/** Shared by all checkouts, and a name that means itself. */
const PLAIN_NAME = /^refs\/(?:heads|tags|remotes|gluon)(?:\/[A-Za-z0-9_+=-][A-Za-z0-9_+=.-]*)+$/;
const NAME = /^(?:[0-9a-f]{40}|[0-9a-f]{64})\n?$/;
/** Some ten thousand references; beyond that git's own search is quicker. */
const MAX_PACKED_BYTES = 1024 * 1024;

export async function refInFiles(repository: Place, ref: string): Promise<FileRef> {
  if (!repository.refsInFiles || !PLAIN_NAME.test(ref) || ref.includes('..') || /\.lock(?:\/|$)|\.$/.test(ref)) return null;
  const loose = await textOf(join(repository.commonDir, ref));
  if (loose === 'odd') return null;
  if (loose !== null) return NAME.test(loose) ? { value: loose.trim() } : null;
  // After the loose one: packing writes the list first.
  return packed(repository, ref);
}

async function packed(repository: Place, ref: string): Promise<FileRef> {
  const path = join(repository.commonDir, 'packed-refs');
  const facts = await stat(path).catch(() => null);
  if (facts !== null && facts.size > MAX_PACKED_BYTES) return null;
  const text = await textOf(path);
  if (text === 'odd') return null;
  const line = (text ?? '').split('\n').find((candidate) => candidate.endsWith(` ${ref}`));
  if (line === undefined) return { value: null };
  const name = line.slice(0, -ref.length - 1);
  return NAME.test(name) ? { value: name } : null;
}

/** Full name of the branch that HEAD of this checkout follows; `value` null when detached. */
export async function headInFiles(repository: Place): Promise<FileRef> {
  if (!repository.refsInFiles) return null;
  const text = await textOf(join(repository.gitDir, 'HEAD'));
  if (text === null || text === 'odd') return null;
  const [, name] = /^ref: (refs\/heads\/\S+)\n$/.exec(text) ?? [];
  return name !== undefined ? { value: name } : NAME.test(text) ? { value: null } : null;
}

/** Whether the project has its own checkout alone. */
export async function hasOneCheckout(repository: Place): Promise<boolean> {
  const linked = await readdir(join(repository.commonDir, 'worktrees')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return linked.length === 0 && repository.gitDir === repository.commonDir;
}

/** Null when there is no such file; `odd` for a link, which git may read as a symbolic reference, or what cannot be read. */
async function textOf(path: string): Promise<string | 'odd' | null> {
  try {
    const facts = await lstat(path);
    if (facts.isDirectory()) return null;
    return facts.isFile() ? await readFile(path, 'utf8') : 'odd';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : 'odd';
  }
}

/** File work below a folder that others may write in: no symbolic link is ever followed, whatever changes meanwhile. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { sep } from 'node:path';

/** The parts of a relative path, or null when it would lead elsewhere. */
export function safeParts(path: string): string[] | null {
  if (path === '' || path.startsWith('/') || path.includes('\0')) return null;
  const parts = path.split(sep).filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? null : parts;
}

/**
 * Opens a regular file beneath `root` step by step: each folder is opened without following links, and the next step starts from
 * that open folder (through /proc/self/fd), so that swapping a folder for a link on the way leads nowhere. Null when there is none.
 */
export async function openBeneath(root: string, path: string): Promise<FileHandle | null> {
  const parts = safeParts(path);
  const last = parts?.pop();
  if (parts === null || last === undefined) return null;
  const folder = await openFolderBeneath(root, parts);
  if (folder === null) return null;
  // Non-blocking: a FIFO in place of the file must not hold us.
  const file = await openOrNull(`/proc/self/fd/${folder.fd}/${last}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  await folder.close();
  if (file === null) return null;
  const facts = await file.stat();
  // A second name of the file may be one outside the root.
  if (facts.isFile() && facts.nlink === 1) return file;
  await file.close();
  return null;
}

/** Opens the folder that the parts lead to from `root`, in the same way. */
export async function openFolderBeneath(root: string, parts: readonly string[]): Promise<FileHandle | null> {
  let folder = await openOrNull(root, constants.O_RDONLY | constants.O_DIRECTORY);
  for (const part of parts) {
    if (folder === null) return null;
    const next: FileHandle | null = await openOrNull(
      `/proc/self/fd/${folder.fd}/${part}`,
      constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
    );
    await folder.close();
    folder = next;
  }
  return folder;
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ENAMETOOLONG']);

async function openOrNull(path: string, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

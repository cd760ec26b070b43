/**
 * Removing and copying folders that an agent has written in, and may still be writing in. Every step starts from an open folder
 * (through /proc/self/fd) and follows no link, so that exchanging a folder for a link in the middle of the work leads nowhere.
 */
import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, open, readdir, readlink, rename, rmdir, symlink, unlink } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** open(2), O_PATH: a handle on a folder that may not be read. */
const PATH_ONLY = 0x200000;
/** Open folders at a time. What lies deeper is first moved up: agents can make trees deeper than a process may open files. */
const MAX_DEPTH = 64;

/** Name below an open folder. Names are bytes: an agent may choose ones that are no text. */
function below(folder: FileHandle, name: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(`/proc/self/fd/${folder.fd}/`), Buffer.from(name)]);
}

/** What an entry that somebody changes at this moment answers with; looked at again, it can be removed as what it is now. */
const CHANGED = new Set(['EISDIR', 'ENOTDIR', 'ENOTEMPTY', 'ELOOP']);
const MAX_TRIES = 10;

/** Removes what stands at that name of the folder, whatever it is; nothing when there is none. Throws ENOTEMPTY when it keeps filling. */
export async function removeTree(folder: FileHandle, name: string): Promise<void> {
  await removeEntry(folder, Buffer.from(name), folder, 0, { moved: 0 });
}

async function removeEntry(folder: FileHandle, name: Buffer, top: FileHandle, depth: number, count: { moved: number }): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ignoring(['ENOENT'], removeOnce(folder, name, top, depth, count));
    } catch (error) {
      if (tries >= MAX_TRIES || !CHANGED.has(errorCode(error) ?? '')) throw error;
    }
  }
}

async function removeOnce(folder: FileHandle, name: Buffer, top: FileHandle, depth: number, count: { moved: number }): Promise<void> {
  const path = below(folder, name);
  const child = await openFolder(path);
  if (child === null) return unlink(path);
  try {
    if (depth >= MAX_DEPTH) await flatten(child, top, count);
    else
      for (const entry of await readdir(below(child, ''), { encoding: 'buffer' })) await removeEntry(child, entry, top, depth + 1, count);
  } finally {
    await child.close();
  }
  await rmdir(path);
}

/** Moves the entries of a deep folder to the top and removes them from there. */
async function flatten(folder: FileHandle, top: FileHandle, count: { moved: number }): Promise<void> {
  for (const entry of await readdir(below(folder, ''), { encoding: 'buffer' })) {
    count.moved += 1;
    const name = Buffer.from(`.removing-${process.pid}-${count.moved}`);
    await rename(below(folder, entry), below(top, name));
    await removeEntry(top, name, top, 0, count);
  }
}

/** The folder, made readable and writable for us; null when it is something else or not there. */
async function openFolder(path: Buffer): Promise<FileHandle | null> {
  try {
    const folder = await open(path, FOLDER);
    // Without write permission its entries could not be removed. Somebody else's folder is tried as it is.
    await ignoring(['EPERM', 'EROFS'], folder.chmod(0o700));
    return folder;
  } catch (error) {
    if (isNoFolder(error)) return null;
    if (errorCode(error) !== 'EACCES') throw error;
  }
  const closed = await open(path, PATH_ONLY | FOLDER);
  try {
    await chmod(`/proc/self/fd/${closed.fd}`, 0o700);
    return await open(`/proc/self/fd/${closed.fd}`, constants.O_RDONLY | constants.O_DIRECTORY);
  } finally {
    await closed.close();
  }
}

/** Copies the entries of one open folder into another: folders, files, and links as they are; sockets, pipes and second names are left out. */
export async function copyTree(from: FileHandle, to: FileHandle, depth = 0): Promise<void> {
  if (depth > MAX_DEPTH) throw new Error(`folders are nested more than ${MAX_DEPTH} deep`);
  for (const entry of await readdir(below(from, ''), { encoding: 'buffer', withFileTypes: true })) {
    const [source, target] = [below(from, entry.name), below(to, entry.name)];
    if (entry.isSymbolicLink())
      await ignoring(
        ['EINVAL', 'ENOENT', 'EEXIST'],
        readlink(source, 'buffer').then((goal) => symlink(goal, target)),
      );
    else if (entry.isDirectory()) await copyFolderEntry(source, target, depth);
    else if (entry.isFile()) await copyFile(source, target);
  }
}

async function copyFolderEntry(source: Buffer, target: Buffer, depth: number): Promise<void> {
  const child = await openOrNull(source, FOLDER);
  if (child === null) return;
  try {
    await ignoring(['EEXIST'], mkdir(target, { mode: 0o700 }));
    const copy = await open(target, FOLDER);
    await copyTree(child, copy, depth + 1).finally(() => copy.close());
  } finally {
    await child.close();
  }
}

async function copyFile(source: Buffer, target: Buffer): Promise<void> {
  const file = await openOrNull(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (file === null) return;
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.nlink !== 1) return;
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
    const copy = await open(target, flags, facts.mode & 0o700);
    await writeAll(file, copy).finally(() => copy.close());
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, copy: FileHandle): Promise<void> {
  const buffer = Buffer.alloc(256 * 1024);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    for (let written = 0; written < bytesRead; ) written += (await copy.write(buffer, written, bytesRead - written, null)).bytesWritten;
  }
}

async function openOrNull(path: Buffer, flags: number): Promise<FileHandle | null> {
  try {
    return await open(path, flags);
  } catch (error) {
    // It went away or became something else meanwhile.
    if (isNoFolder(error) || errorCode(error) === 'ENXIO') return null;
    throw error;
  }
}

function isNoFolder(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENOENT';
}

async function ignoring(codes: readonly string[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    // Somebody else was quicker: what was wanted is so already, or cannot be had.
    if (!codes.includes(errorCode(error) ?? '')) throw error;
  }
}

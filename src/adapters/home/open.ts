/** Opens a home for a server: folders, rights, lock, token. */
import { createHash } from 'node:crypto';
import { access, chmod, constants, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { GluonError } from '../../contract/errors.ts';
import type { Home } from '../../ports/files.ts';
import type { Random } from '../../ports/system.ts';
import { homeFolders } from './folders.ts';
import { lockHome } from './lock.ts';

export interface OpenHomeOptions {
  environment: Readonly<Record<string, string | undefined>>;
  userHome: string;
  random: Pick<Random, 'token'>;
}

export interface OpenedHome extends Home {
  /** Names this home in the environment of its processes; the same at every start. */
  readonly id: string;
  /** Opens the server of this home. */
  readonly token: string;
  /** For Unix sockets: short enough for their paths. */
  readonly socketFolder: string;
  release(): Promise<void>;
}

const FOLDERS = ['worktrees', 'sessions', 'trusted', 'logs', 'images'];
/** `sockaddr_un` takes 107 bytes; names of sockets in the folder need up to 50 of them. */
const MAX_SOCKET_FOLDER = 57;
const MIN_TOKEN = 32;

/** Throws `home_not_writable`, `home_unsafe`, `home_in_use`. */
export async function openHome(options: OpenHomeOptions): Promise<OpenedHome> {
  const path = resolve(options.environment.GLUON_HOME || join(options.userHome, '.gluon'));
  await makePrivate(path);
  const lock = await lockHome(path);
  try {
    for (const folder of FOLDERS) await mkdir(join(path, folder), { recursive: true, mode: 0o700 });
    const sockets = await socketFolder(path);
    const token = await readOrCreateToken(path, options.random);
    return {
      ...homeFolders({ path, userHome: options.userHome, environment: options.environment }),
      id: createHash('sha256').update(path).digest('hex').slice(0, 16),
      token,
      socketFolder: sockets.path,
      async release() {
        await sockets.remove();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makePrivate(path: string): Promise<void> {
  try {
    await makeWithParents(path);
    const facts = await lstat(path);
    if (facts.isSymbolicLink() || !facts.isDirectory())
      throw new GluonError('home_unsafe', { path, why: 'it is no folder, or a symbolic link' });
    const user = process.getuid?.();
    if (user !== undefined && facts.uid !== user) throw new GluonError('home_unsafe', { path, why: 'it belongs to another user' });
    await chmod(path, 0o700);
    await access(path, constants.W_OK | constants.X_OK);
    // The rights alone do not tell of a read-only file system.
    const probe = await mkdtemp(join(path, '.probe-'));
    await rm(probe, { recursive: true });
  } catch (error) {
    if (error instanceof GluonError) throw error;
    throw new GluonError('home_not_writable', { path, why: (error as Error).message }, { cause: error });
  }
}

/** Not Node's own recursive form: that one never returns below a folder that takes no entries, such as /proc. */
async function makeWithParents(path: string): Promise<void> {
  if (await isThere(path)) return;
  await makeWithParents(dirname(path));
  await mkdir(path, { mode: 0o700 });
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

async function socketFolder(home: string): Promise<{ path: string; remove(): Promise<void> }> {
  const own = join(home, 'run');
  if (Buffer.byteLength(own) <= MAX_SOCKET_FOLDER) {
    await rm(own, { recursive: true, force: true });
    await mkdir(own, { mode: 0o700 });
    return { path: own, remove: async () => {} };
  }
  const path = await mkdtemp(join(tmpdir(), 'gluon-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function readOrCreateToken(home: string, random: Pick<Random, 'token'>): Promise<string> {
  const path = join(home, 'token');
  const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (found.trim().length >= MIN_TOKEN) {
    await chmod(path, 0o600);
    return found.trim();
  }
  const token = random.token();
  await rm(path, { force: true });
  await writeFile(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

/** The place of the gateway's Unix socket: a folder that belongs to us alone, and a path that the kernel can take. */
import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';

/** `sun_path` holds 108 bytes with its closing zero (unix(7)); on macOS 104. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** Throws `home_unsafe` when the path is too long, is taken by something else, or others could reach its folder. */
export async function prepareSocketPath(path: string): Promise<void> {
  const unsafe = (why: string): GluonError => new GluonError('home_unsafe', { path, why });
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw unsafe(`a socket path may have ${MAX_PATH_BYTES} bytes`);
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const about = await lstat(folder);
  if (!about.isDirectory()) throw unsafe('its folder is not a folder');
  if (process.getuid !== undefined && about.uid !== process.getuid()) throw unsafe('its folder belongs to somebody else');
  if ((about.mode & 0o077) !== 0) await chmod(folder, 0o700);
  const old = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (old === null) return;
  // Left behind by a server that was killed; two servers on one home are kept apart elsewhere.
  if (!old.isSocket()) throw unsafe('something that is no socket is in its place');
  await unlink(path);
}

/** SQLite's write-ahead log needs shared memory and honest locks: network file systems have neither. */
import { readFile, statfs } from 'node:fs/promises';
import { platform } from 'node:process';

/** Types by the magic number that statfs(2) reports on Linux (linux/magic.h). */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x73757245, 'Coda'],
  [0x0bd00bd0, 'Lustre'],
  [0x01021997, '9P'],
]);
const FUSE = 0x65735546;
/** Programs behind FUSE that keep the files on another machine. */
const REMOTE_FUSE = /^fuse\.(sshfs|s3fs|rclone|glusterfs|gcsfuse|goofys|juicefs|ceph|curlftpfs|davfs|mount\.ceph|gvfsd)/;

/** Name of the network file system that the folder lies on; null when it is a local one or when that cannot be told. */
export async function networkFileSystem(folder: string): Promise<string | null> {
  if (platform !== 'linux') return null;
  const { type } = await statfs(folder);
  const unsigned = type >>> 0;
  const name = NETWORK_TYPES.get(unsigned);
  if (name !== undefined) return name;
  return unsigned === FUSE ? remoteFuse(folder, await readFile('/proc/self/mountinfo', 'utf8')) : null;
}

/** Finds the mount with the longest path above the folder (format: proc(5), mountinfo). */
export function remoteFuse(folder: string, mountinfo: string): string | null {
  let best = { path: '', type: '' };
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ');
    const path = before?.split(' ')[4]?.replaceAll('\\040', ' ');
    const type = after?.split(' ')[0];
    if (path === undefined || type === undefined) continue;
    const above = path === '/' || folder === path || folder.startsWith(`${path}/`);
    if (above && path.length >= best.path.length) best = { path, type };
  }
  return REMOTE_FUSE.test(best.type) ? best.type : null;
}

/** The keys by which push services know this home: made once, kept beside the token, readable by the owner alone. */
import { createECDH } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';

export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Of half a file, or one that somebody else wrote, new keys are made: browsers have to subscribe again then. */
export async function vapidKeys(path: string): Promise<VapidKeys> {
  const found = parse(await readFile(path, 'utf8').catch(nothingIfAbsent));
  if (found !== null) {
    await chmod(path, 0o600);
    return found;
  }
  const keys = newKeys();
  const half = `${path}.new`;
  await rm(half, { force: true });
  await writeFile(half, JSON.stringify(keys), { mode: 0o600, flag: 'wx' });
  await rename(half, path);
  return keys;
}

/** A pair on P-256 (RFC 8292, section 3.2). */
function newKeys(): VapidKeys {
  const pair = createECDH('prime256v1');
  const publicKey = pair.generateKeys('base64url');
  // Leading zeros are left out of a number, not of a key.
  const privateKey = Buffer.alloc(32);
  const number = pair.getPrivateKey();
  number.copy(privateKey, privateKey.length - number.length);
  return { publicKey, privateKey: privateKey.toString('base64url') };
}

function nothingIfAbsent(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

const PUBLIC = /^[A-Za-z0-9_-]{87}$/;
const PRIVATE = /^[A-Za-z0-9_-]{43}$/;

function parse(text: string): VapidKeys | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Absent, or cut off: the caller makes new ones.
    return null;
  }
  const { publicKey, privateKey } = (typeof value === 'object' && value !== null ? value : {}) as Partial<VapidKeys>;
  if (typeof publicKey !== 'string' || typeof privateKey !== 'string') return null;
  return PUBLIC.test(publicKey) && PRIVATE.test(privateKey) ? { publicKey, privateKey } : null;
}

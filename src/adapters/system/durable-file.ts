import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file whole or not at all: beside its place (`temporary`, mode 0600), then renamed into it. Once this has returned, not even a
 * power cut undoes it.
 */
export async function writeDurably(path: string, content: string | Buffer, temporary: string, flag: 'w' | 'wx' = 'w'): Promise<void> {
  const file = await open(temporary, flag, 0o600);
  try {
    await file.writeFile(content);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  // The name is an entry of the folder, which has to reach the disk by itself.
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

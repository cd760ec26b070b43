/** Copies the files of one transcript to another place. The system moves the bytes: none of them passes through our memory. */
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isSideFile, LEDGER, SIDE_FOLDER } from './budget.ts';
import { INDEX, RECORDS } from './opened-transcript.ts';

/** Side files come first: a record never names one that is not there. The index is made again from the records. */
export async function copyTranscript(from: string, to: string): Promise<void> {
  await mkdir(join(to, SIDE_FOLDER), { recursive: true, mode: 0o700 });
  for (const name of await sideFiles(join(from, SIDE_FOLDER))) await copyFile(join(from, SIDE_FOLDER, name), join(to, SIDE_FOLDER, name));
  await rm(join(to, INDEX), { force: true });
  for (const name of [LEDGER, RECORDS]) await copyWhole(join(from, name), join(to, name));
}

async function sideFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter(isSideFile);
}

/** All of it or nothing, and nothing when there is no such file. */
async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, `${to}.new`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await rename(`${to}.new`, to);
}

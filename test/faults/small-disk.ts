/** File systems of their own for a home, where a test may mount them. */
import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/** False where this user may not. */
export async function mountTmpfs(folder: string, options: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  return run('mount', ['-t', 'tmpfs', '-o', options, 'gluon-test', folder]).then(
    () => true,
    () => false,
  );
}

/**
 * A disk whose bytes can be looked at while it is in use: what lies in its image is what has reached it, what is only in memory is not
 * there. A copy of the image is what a power cut would leave.
 */
export interface Disk {
  readonly folder: string;
  /** The power goes: what was never asked to reach the disk is gone. Nothing may have a file open there any more. */
  cutPower(): Promise<void>;
  close(): Promise<void>;
}

const IMAGE_BYTES = 400 * 1024 * 1024;
/** The kernel would write everything out by itself after 5 seconds otherwise. */
const OPTIONS = 'loop,commit=600,noatime';

/** Null where there is no right or no tool to make one. */
export async function mountDisk(folder: string): Promise<Disk | null> {
  const image = `${folder}.image`;
  const mount = () => run('mount', ['-o', OPTIONS, image, folder]);
  const removeAll = async () => {
    for (const path of [folder, image, `${image}.cut`]) await rm(path, { recursive: true, force: true });
  };
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(image, 'w');
    await file.truncate(IMAGE_BYTES);
    await file.close();
    await run('mkfs.ext4', ['-q', '-F', image]);
    await mount();
  } catch {
    // Needs root, a loop device and the tools of the file system: the test says that it was skipped.
    await removeAll();
    return null;
  }
  return {
    folder,
    async cutPower() {
      await untilNobodyIsIn(folder);
      await run('cp', ['--sparse=always', image, `${image}.cut`]);
      await run('umount', [folder]);
      await run('mv', [`${image}.cut`, image]);
      await mount();
    },
    async close() {
      await run('umount', ['-l', folder]);
      await removeAll();
    },
  };
}

/** The agents of a killed server end by themselves, a moment later. */
async function untilNobodyIsIn(folder: string): Promise<void> {
  const end = performance.now() + 20_000;
  const isUsed = () =>
    run('fuser', ['-m', folder]).then(
      () => true,
      () => false,
    );
  while (await isUsed()) {
    if (performance.now() > end) throw new Error('somebody still works on the disk');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Careful file work starts every step from an open folder, which Linux offers under this path only. */
import { readdir } from 'node:fs/promises';
import { GluonError } from '../../contract/errors.ts';

const DESCRIPTORS = '/proc/self/fd';

/** Throws `descriptors_missing` on a system without them: there, every step would look like a folder that is gone. */
export async function needDescriptors(path = DESCRIPTORS): Promise<void> {
  await readdir(path).catch((cause: unknown) => {
    throw new GluonError('descriptors_missing', { path }, { cause });
  });
}

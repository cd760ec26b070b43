/** Ignored files such as `.env` that the project file wants in every working copy, taken from the person's checkout. */
import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import { pathMatcher } from '../../../core/git/path-pattern.ts';
import { isSafeRelativePath } from '../../../core/git/safe-path.ts';
import type { PersonSettings } from './person-settings.ts';
import type { GitContext, Repository } from './repository.ts';

/** Settings and keys are small; whoever wants data sets in every copy should not do it by copying. */
const MAX_FILE_BYTES = 20 * 1024 * 1024;
const MAX_TOTAL_BYTES = 100 * 1024 * 1024;

/**
 * Copies regular files only; no link is followed on either side. A file that cannot be copied within the limits fails the working
 * copy by name: starting without it would fail later and less clearly.
 */
export async function copyIgnoredFiles(
  context: GitContext,
  repository: Repository,
  person: PersonSettings,
  patterns: readonly string[],
  into: string,
): Promise<void> {
  if (patterns.length === 0) return;
  const matches = pathMatcher(patterns);
  const ignored = await context.git.records({
    ...repository.checkout,
    settings: person.settings,
    cwd: repository.top,
    args: ['ls-files', '--others', '--ignored', '--exclude-standard', '-z'],
  });
  let total = 0;
  for (const record of ignored) {
    const path = record.toString('utf8');
    if (!isSafeRelativePath(path) || !matches(path)) continue;
    total += await copyOne(repository.top, into, path);
    if (total > MAX_TOTAL_BYTES)
      throw new GluonError('working_copy_failed', { why: `the "copy" patterns match more than ${MAX_TOTAL_BYTES} bytes` });
  }
}

/** Gives the bytes copied; 0 for what is not a regular file of the checkout itself. */
async function copyOne(from: string, into: string, path: string): Promise<number> {
  if ((await realpath(dirname(join(from, path))).catch(() => null)) !== dirname(join(await realpath(from), path))) return 0;
  const found = await lstat(join(from, path)).catch(() => null);
  if (found === null || !found.isFile()) return 0;
  const source = await open(join(from, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, mode } = await source.stat();
    if (size > MAX_FILE_BYTES) throw new GluonError('working_copy_failed', { why: `"${path}" of the "copy" patterns has ${size} bytes` });
    const bytes = await source.readFile();
    if (!(await makeParents(into, path))) return 0;
    // What the commit brought at this place stays: a link or file there is not replaced.
    const target = await open(
      join(into, path),
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      mode & 0o777,
    ).catch(() => null);
    if (target === null) return 0;
    await target.writeFile(bytes).finally(() => target.close());
    return bytes.length;
  } finally {
    await source.close();
  }
}

/** False when a part of the way is a link or a file, put there by the commit. */
async function makeParents(into: string, path: string): Promise<boolean> {
  let folder = into;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    // Exists already: looked at next.
    await mkdir(folder).catch(() => undefined);
    const found = await lstat(folder).catch(() => null);
    if (found === null || !found.isDirectory()) return false;
  }
  return true;
}

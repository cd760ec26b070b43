/**
 * Removal of working copies. First a rename, which is atomic: a folder under its own name is always whole, so that a crash half-way
 * never leaves a torn copy that could be rescued over the good rescue.
 */
import { lstat, readdir, realpath, rename } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import { runTool } from '../../process/run-tool.ts';
import type { GitContext } from './repository.ts';

/** Names of folders under way; never those of a run. */
export const BUILDING = '.building-';
const REMOVING = '.removing-';

/** Removes a folder directly or further below `root`; links are not followed. Nothing there is fine. */
export async function removeWorkingCopy(context: GitContext, root: string, path: string): Promise<void> {
  const refuse = (why: string) => new GluonError('working_copy_failed', { why });
  const inside = relative(resolve(root), resolve(path));
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || resolve(path) !== path.replace(/\/+$/, '')) {
    throw refuse(`${path} does not lie below ${root}`);
  }
  const found = await lstat(path).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) throw refuse(`${path} is not a folder`);
  // A link on the way would lead somewhere else than the name says.
  if ((await realpath(dirname(path))) !== join(await realpath(root), dirname(inside))) throw refuse(`the way to ${path} leads over a link`);
  const aside = join(dirname(path), `${REMOVING}${basename(path)}-${context.clock.nowMs().toString(36)}`);
  await rename(path, aside);
  await context.fault('remove.half-way');
  await discardFolder(context, aside);
  await sweep(context, dirname(path));
}

/** At the start of a server, for a folder that is its own alone: nothing can be under way there yet. */
export async function sweepUnfinished(context: GitContext, root: string): Promise<void> {
  const names = await readdir(root).catch(() => []);
  for (const name of names) if (name.startsWith(REMOVING) || name.startsWith(BUILDING)) await discardFolder(context, join(root, name));
}

/** Nothing is under construction for as long as this. */
const STALE_MS = 3_600_000;

/** Takes away what a crash left of an earlier removal or of a copy that was never finished. */
async function sweep(context: GitContext, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.startsWith(REMOVING)) await discardFolder(context, path);
    if (!name.startsWith(BUILDING)) continue;
    const found = await lstat(path).catch(() => null);
    if (found !== null && context.clock.nowMs() - found.mtimeMs > STALE_MS) await discardFolder(context, path);
  }
}

/**
 * Deletes a folder that nobody may use any more. The tool walks by file descriptor, so that a process that still lives in there cannot
 * lead it out through a link swapped in.
 */
export async function discardFolder(context: GitContext, path: string): Promise<void> {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const remove = () => runTool('rm', ['-rf', '--', path], { env, timeoutMs: 600_000 });
  let end = await remove();
  if (end.exitCode !== 0) {
    // An agent may have taken the rights from its own folders.
    await runTool('chmod', ['-R', 'u+rwX', '--', path], { env, timeoutMs: 600_000 });
    end = await remove();
  }
  if (end.exitCode !== 0) context.log.warn({ path, why: end.stderr.slice(0, 300) }, 'a folder could not be removed completely');
}

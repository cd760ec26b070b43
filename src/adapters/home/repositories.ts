/** Finds git repositories below a folder, with bounds on depth and work. */
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_DEPTH = 3;
const MAX_FOLDERS = 5_000;
/** Folders that hold other people's repositories, if any. */
const SKIPPED = new Set(['node_modules', 'vendor', '.cache', 'target', 'dist']);

/** Checkouts (a `.git` folder or file), nearest first; what lies inside a repository is not looked at, links are not followed. */
export async function findRepositories(root: string): Promise<string[]> {
  const found: string[] = [];
  const queue: { path: string; depth: number }[] = [{ path: root, depth: 0 }];
  for (let looked = 0; looked < MAX_FOLDERS; looked += 1) {
    const next = queue.shift();
    if (next === undefined) break;
    if (next.depth > 0 && (await lstat(join(next.path, '.git')).catch(() => null)) !== null) {
      found.push(next.path);
      continue;
    }
    if (next.depth === MAX_DEPTH) continue;
    // A folder that cannot be read holds nothing for us.
    const entries = await opendir(next.path).catch(() => null);
    if (entries === null) continue;
    for await (const entry of entries) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.'))
        queue.push({ path: join(next.path, entry.name), depth: next.depth + 1 });
    }
  }
  return found.sort();
}

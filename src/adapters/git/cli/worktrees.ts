/** Checkouts of a project: its own and its linked worktrees. A branch that one of them shows must not be moved under it unsaid. */
import { realpath } from 'node:fs/promises';
import { hasOneCheckout, headInFiles } from './refs-in-files.ts';
import type { GitContext, Repository } from './repository.ts';

export interface Checkout {
  path: string;
  /** Short name; null when detached. */
  branch: string | null;
}

export async function checkouts(context: GitContext, repository: Repository): Promise<Checkout[]> {
  const records = await context.git.records({ ...repository.checkout, args: ['worktree', 'list', '--porcelain', '-z'] });
  const found: Checkout[] = [];
  for (const record of records) {
    const text = record.toString('utf8');
    if (text.startsWith('worktree ')) found.push({ path: text.slice('worktree '.length), branch: null });
    const last = found.at(-1);
    if (last !== undefined && text.startsWith('branch refs/heads/')) last.branch = text.slice('branch refs/heads/'.length);
  }
  return found;
}

/** Paths of the checkouts that show this branch. */
export async function checkoutsOf(context: GitContext, repository: Repository, branch: string): Promise<string[]> {
  if (await hasOneCheckout(repository)) {
    const head = await headInFiles(repository);
    if (head !== null && head.value !== `refs/heads/${branch}`) return [];
  }
  return (await checkouts(context, repository)).filter((checkout) => checkout.branch === branch).map(({ path }) => path);
}

/** Whether two paths are the same folder, links resolved. */
export async function samePlace(a: string, b: string): Promise<boolean> {
  const real = (path: string) => realpath(path).catch(() => path);
  return (await real(a)) === (await real(b));
}

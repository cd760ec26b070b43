/** Branches of a project. Which of them may be changed is the caller's rule; one that is checked out is never changed here. */

import { GluonError } from '../../../contract/errors.ts';
import type { Branch } from '../../../contract/git-resources.ts';
import { parseBranchName } from '../../../core/git/branch-name.ts';
import { refValue } from './commit-names.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs } from './run-refs.ts';
import { checkoutsOf } from './worktrees.ts';

/** Newest first; `merged` means contained in the commit that is checked out. */
export async function branches(
  context: GitContext,
  projectPath: string,
  options: { prefix: string | null; limit: number },
): Promise<Omit<Branch, 'run_id'>[]> {
  const repository = await context.open(projectPath);
  const list = (args: string[]) =>
    context.git.text({ ...repository.checkout, args: ['for-each-ref', '--sort=-committerdate', ...args, 'refs/heads'] });
  const text = await list(['--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(HEAD)%00%(contents:subject)']);
  const merged = new Set((await list(['--merged=HEAD', '--format=%(refname)'])).split('\n'));
  const found: Omit<Branch, 'run_id'>[] = [];
  for (const line of text.split('\n')) {
    const [ref = '', commit = '', seconds = '0', current = '', subject = ''] = line.split('\0');
    const name = ref.slice('refs/heads/'.length);
    if (name === '' || (options.prefix !== null && !name.startsWith(options.prefix))) continue;
    found.push({
      name,
      commit,
      at: new Date(Number(seconds) * 1000).toISOString(),
      subject,
      current: current === '*',
      merged: merged.has(ref),
    });
    if (found.length === options.limit) break;
  }
  return found;
}

export async function branchExists(context: GitContext, projectPath: string, branch: string): Promise<boolean> {
  // A name that we would never make may exist all the same; one that is no name at all cannot.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose
  if (branch === '' || /[\u0000-\u0020\u007f:*?^~\\]|\.\.|@\{/.test(branch)) return false;
  return (await refValue(context, await context.open(projectPath), `refs/heads/${branch}`)) !== null;
}

/** Throws `branch_name_invalid`, `branch_not_found`, `branch_exists`, `branch_protected`. */
export async function renameBranch(context: GitContext, projectPath: string, from: string, to: string): Promise<void> {
  if (parseBranchName(to) === null) throw new GluonError('branch_name_invalid', { name: to });
  const repository = await context.open(projectPath);
  await context.lock(repository.commonDir, async () => {
    const commit = await changeable(context, repository, from);
    if ((await refValue(context, repository, `refs/heads/${to}`)) !== null) throw new GluonError('branch_exists', { name: to });
    const done = await changeRefs(context, repository, [{ ref: `refs/heads/${to}`, to: commit, from: null }], 'gluon: branch renamed');
    if (!done) throw new GluonError('branch_exists', { name: to });
    await changeRefs(context, repository, [{ ref: `refs/heads/${from}`, to: null, from: commit }], 'gluon: branch renamed');
  });
}

/** Throws `branch_not_found`, `branch_protected`. */
export async function deleteBranch(context: GitContext, projectPath: string, name: string): Promise<void> {
  const repository = await context.open(projectPath);
  await context.lock(repository.commonDir, async () => {
    const commit = await changeable(context, repository, name);
    await changeRefs(context, repository, [{ ref: `refs/heads/${name}`, to: null, from: commit }], 'gluon: branch deleted');
  });
}

async function changeable(context: GitContext, repository: Repository, name: string): Promise<string> {
  if (parseBranchName(name) === null) throw new GluonError('branch_name_invalid', { name });
  const commit = await refValue(context, repository, `refs/heads/${name}`);
  if (commit === null) throw new GluonError('branch_not_found', { name });
  if ((await checkoutsOf(context, repository, name)).length > 0) throw new GluonError('branch_protected', { name });
  return commit;
}

/** Whether the person's checkout can be brought along when its branch moves, and doing it. Nothing of theirs is ever overwritten. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attributesName, currentBranch } from './inspect.ts';
import type { GitContext, Repository } from './repository.ts';
import { checkoutsOf, samePlace } from './worktrees.ts';

export type CheckoutPlan =
  | { kind: 'follow'; from: string; to: string; others: string[] }
  | { kind: 'left_alone'; sentence: string }
  | { kind: 'other_branch'; sentence: string };

export interface Follow {
  checkout: 'updated' | 'left_alone' | 'other_branch';
  sentence: string;
}

export const UNDER_WAY = ['MERGE_HEAD', 'rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'BISECT_LOG', 'index.lock'];

/** Decided before the branch moves: afterwards every file of the change would look like an edit of the person. */
export async function planCheckout(
  context: GitContext,
  repository: Repository,
  settings: string[],
  move: { branch: string; from: string; to: string },
): Promise<CheckoutPlan> {
  const shown = await checkoutsOf(context, repository, move.branch);
  const others: string[] = [];
  for (const path of shown) if (!(await samePlace(path, repository.top))) others.push(path);
  const current = await currentBranch(context, repository);
  if (current !== move.branch) {
    const where = current === null ? 'is on no branch' : `is on ${current}`;
    if (others.length > 0) return { kind: 'left_alone', sentence: otherWorktrees(others, move) };
    return { kind: 'other_branch', sentence: `Your checkout ${where} and was not touched.` };
  }
  const leave = (why: string): CheckoutPlan => ({
    kind: 'left_alone',
    sentence: `Your checkout was left alone because ${why}. ${bringAlong(repository.top, move)}`,
  });
  if (UNDER_WAY.some((name) => existsSync(join(repository.gitDir, name)))) return leave('another git command is under way in it');
  if (await filtersMatter(context, repository, move))
    return leave('files of it pass through filters such as LFS, which Gluon does not run');
  const call = { ...repository.checkout, settings, cwd: repository.top };
  await context.git.end({ ...call, writes: true, args: ['update-index', '-q', '--refresh'] });
  const dirty = await context.git.bytes({
    ...call,
    args: ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--ignore-submodules=all'],
  });
  if (dirty.length > 0) return leave('it has uncommitted changes');
  const dry = await context.git.end({ ...call, args: ['read-tree', '-n', '-m', '-u', move.from, move.to] });
  if (dry.exitCode !== 0) return leave('files that are not tracked are in the way');
  return { kind: 'follow', from: move.from, to: move.to, others };
}

/** After the branch moved. */
export async function followCheckout(context: GitContext, repository: Repository, settings: string[], plan: CheckoutPlan): Promise<Follow> {
  if (plan.kind !== 'follow') return { checkout: plan.kind, sentence: plan.sentence };
  const end = await context.git.end({
    ...repository.checkout,
    settings,
    cwd: repository.top,
    writes: true,
    args: ['read-tree', '-m', '-u', plan.from, plan.to],
    timeoutMs: 300_000,
  });
  if (end.exitCode !== 0) {
    context.log.warn({ path: repository.top, why: end.stderr.slice(0, 300) }, 'the checkout did not follow its branch');
    return {
      checkout: 'left_alone',
      sentence: `Your checkout changed at that moment and was left alone. ${bringAlong(repository.top, plan)}`,
    };
  }
  const rest = plan.others.length > 0 ? ` Left alone: ${plan.others.join(', ')}.` : '';
  return { checkout: 'updated', sentence: `Your checkout was clean and shows the merged state now.${rest}` };
}

/** Without running a filter its files would come out wrong; running it would be running what a repository names. */
export async function filtersMatter(context: GitContext, repository: Repository, move: { to: string }): Promise<boolean> {
  const configured = await context.git.end({ ...repository.refs, args: ['config', '--get-regexp', '^filter\\.'] });
  return configured.exitCode === 0 || (await attributesName(context, repository, move.to, 'filter='));
}

function bringAlong(path: string, move: { from: string; to: string }): string {
  return `Until you bring it up, "git status" there shows the merge in reverse. To bring it up: git -C ${path} read-tree -m -u ${move.from.slice(0, 12)} ${move.to.slice(0, 12)}`;
}

function otherWorktrees(paths: string[], move: { branch: string; from: string; to: string }): string {
  return `The branch ${move.branch} moved, but it is checked out in ${paths.join(', ')}, which was left alone. ${bringAlong(paths[0] ?? '', move)}`;
}

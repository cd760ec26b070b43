/** The local merge of a run into its base branch. */
import { GluonError } from '../contract/errors.ts';
import type { MergeResult } from '../contract/git-resources.ts';
import type { MergeOutcome } from '../ports/git.ts';
import type { RunRow } from '../ports/store.ts';
import { type Deps, now } from './deps.ts';
import { findRun, projectOf } from './find.ts';
import { unitOfWork } from './unit-of-work.ts';

export async function mergeRun(deps: Deps, input: { run: string; into?: string; message?: string }, actor: string): Promise<MergeResult> {
  const run = await findRun(deps.store, input.run);
  const project = await projectOf(deps.store, run);
  const id8 = run.id.slice(0, 8);
  if (run.status === 'running' || run.status === 'pending') throw new GluonError('run_live', { run: id8 });
  if (run.head_commit === null || run.commit_count === 0 || !run.use_worktree) throw new GluonError('nothing_to_merge', { run: id8 });
  const base = input.into ?? run.base_branch;
  if (base === null) throw new GluonError('base_not_found', { base: 'of a run that started from a plain commit', project: project.name });
  if (!(await deps.git.branchExists(project.path, base))) throw new GluonError('branch_not_found', { name: base });
  const below = await commitsBelow(deps, project.path, run, base);
  await deps.fault('merge.before-git');
  const outcome = await deps.git.mergeIntoBase({
    projectPath: project.path,
    base,
    head: run.head_commit,
    message: input.message ?? `${run.title}\n\nMerges run ${id8} (${run.branch_name ?? 'no branch'}).`,
    projectName: project.name,
  });
  await deps.fault('merge.after-git');
  const result = await record(deps, run, base, outcome, actor);
  await deps.fault('merge.after-write');
  return below === 0
    ? result
    : { ...result, sentence: `${result.sentence} It brought along ${below} commits that the run started from and ${base} did not have.` };
}

/** A run may start from what its base branch does not have: uncommitted changes, another branch, another run. A merge lands that too. */
async function commitsBelow(deps: Deps, projectPath: string, run: RunRow, base: string): Promise<number> {
  const tip = await deps.git.resolveCommit(projectPath, base, base);
  if (run.base_commit === null || (await deps.git.isAncestor(projectPath, run.base_commit, tip))) return 0;
  return (await deps.git.commits(projectPath, tip, run.base_commit, MOST_COUNTED)).length;
}

const MOST_COUNTED = 500;

async function record(deps: Deps, run: RunRow, base: string, outcome: MergeOutcome, actor: string): Promise<MergeResult> {
  const id8 = run.id.slice(0, 8);
  const refuse = (why: string, files: string[]) =>
    unitOfWork(deps, (unit) => unit.record('run.merge_refused', { base, why, files }, { runId: run.id, actor }));
  switch (outcome.kind) {
    case 'merged': {
      await markMerged(deps, run, { base, commit: outcome.commit, checkout: outcome.checkout }, actor);
      return { run_id: run.id, base, commit: outcome.commit, checkout: outcome.checkout, sentence: outcome.sentence };
    }
    case 'nothing': {
      // The base holds the change already: by an earlier merge whose record was lost in a crash, or by hand.
      const commit = run.merged_commit ?? run.head_commit ?? '';
      await markMerged(deps, run, { base, commit, checkout: 'left_alone' }, actor);
      return { run_id: run.id, base, commit, checkout: 'left_alone', sentence: `${base} holds this change already.` };
    }
    case 'conflict':
      await refuse('conflict', outcome.files);
      throw new GluonError('merge_conflict', { run: id8, base, files: outcome.files.join(', ') });
    case 'base_moved':
      await refuse('the base moved', []);
      throw new GluonError('base_moved', { base });
    default:
      return outcome satisfies never;
  }
}

/** A merged change is a decision for it: the run is done. */
async function markMerged(
  deps: Deps,
  run: RunRow,
  merged: { base: string; commit: string; checkout: string },
  actor: string,
): Promise<void> {
  await unitOfWork(deps, async (unit) => {
    const accepted = { status: 'completed' as const, waiting: null, merged_commit: merged.commit, ended_at: run.ended_at ?? now(deps) };
    const done = await unit.updateRun(run.id, accepted, { status: run.status, epoch: run.epoch });
    // Somebody queued it again meanwhile: the merge stands, and the run goes on.
    if (!done) await unit.updateRun(run.id, { merged_commit: merged.commit });
    if (run.merged_commit !== merged.commit) await unit.record('run.merged', merged, { runId: run.id, actor });
  });
}

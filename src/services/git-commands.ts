/** Git commands that a person gives for a project. */
import { GluonError } from '../contract/errors.ts';
import type { Branch, GitStatus } from '../contract/git-resources.ts';
import { parseBranchName } from '../core/git/branch-name.ts';
import type { ProjectRow } from '../ports/store.ts';
import { type Deps, now } from './deps.ts';
import { findProject } from './find.ts';
import { madeByRun } from './submit-run.ts';

export async function gitStatus(deps: Deps, ref: string): Promise<GitStatus> {
  const project = await findProject(deps.store, ref);
  return { project: project.name, ...(await deps.git.status(project.path)), fetched_at: project.fetched_at };
}

export async function gitFetch(deps: Deps, ref: string): Promise<GitStatus> {
  const project = await findProject(deps.store, ref);
  if ((await deps.git.status(project.path)).remote === null) throw new GluonError('no_remote', { project: project.name });
  await deps.git.fetch(project.path);
  await noteFetched(deps, project);
  return gitStatus(deps, project.id);
}

export async function gitSync(deps: Deps, ref: string): Promise<GitStatus> {
  const project = await findProject(deps.store, ref);
  await deps.git.sync(project.path, project.name);
  await noteFetched(deps, project);
  return gitStatus(deps, project.id);
}

async function noteFetched(deps: Deps, project: ProjectRow): Promise<void> {
  await deps.store.transaction((tx) => tx.updateProject(project.id, { fetched_at: now(deps) }));
}

export async function gitPush(
  deps: Deps,
  ref: string,
  wanted: string | undefined,
): Promise<{ branch: string; remote: string; commit: string }> {
  const project = await findProject(deps.store, ref);
  const branch = wanted ?? (await deps.git.status(project.path)).branch;
  if (branch === null) throw new GluonError('branch_not_found', { name: '(detached HEAD)' });
  if (parseBranchName(branch) === null) throw new GluonError('branch_name_invalid', { name: branch });
  return deps.git.push(project.path, branch, project.name);
}

export async function listBranches(deps: Deps, input: { project: string; mine: boolean; limit: number }): Promise<Branch[]> {
  const project = await findProject(deps.store, input.project);
  const branches = await deps.git.branches(project.path, { prefix: input.mine ? 'gluon-task/' : null, limit: input.limit });
  const shown: Branch[] = [];
  for (const branch of branches) shown.push({ ...branch, run_id: (await deps.store.runByBranch(project.id, branch.name))?.id ?? null });
  return shown;
}

export async function renameBranch(deps: Deps, input: { project: string; from: string; to: string }): Promise<void> {
  const project = await ownedBranch(deps, input.project, input.from);
  if (parseBranchName(input.to) === null) throw new GluonError('branch_name_invalid', { name: input.to });
  if (await deps.git.branchExists(project.path, input.to)) throw new GluonError('branch_exists', { name: input.to });
  const run = await deps.store.runByBranch(project.id, input.from);
  // A working copy that is there stays on the old name: an import takes what is checked out in it, whatever its branch is called.
  if (run !== null && run.status === 'running') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  await deps.git.renameBranch(project.path, input.from, input.to);
  await deps.store.transaction(async (tx) => {
    await tx.renameForgottenBranch(project.id, input.from, input.to);
    if (run !== null) await tx.updateRun(run.id, { branch_name: input.to });
  });
}

export async function deleteBranch(deps: Deps, input: { project: string; name: string }): Promise<void> {
  const project = await ownedBranch(deps, input.project, input.name);
  const run = await deps.store.runByBranch(project.id, input.name);
  if (run !== null && run.status === 'running') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  await deps.git.deleteBranch(project.path, input.name);
}

/** Only branches that Gluon made: below `gluon-task/`, or named by a run. */
async function ownedBranch(deps: Deps, ref: string, name: string): Promise<ProjectRow> {
  const project = await findProject(deps.store, ref);
  if (!(await deps.git.branchExists(project.path, name))) throw new GluonError('branch_not_found', { name });
  if (!(await madeByRun(deps, project, name))) throw new GluonError('branch_protected', { name });
  return project;
}

/** The working copy of a run: made at its first attempt, made again when it was removed. */
import { GluonError } from '../../contract/errors.ts';
import type { ProjectFile } from '../../contract/project-file.ts';
import type { WorkingCopy } from '../../ports/git.ts';
import type { ProjectRow, RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { unitOfWork } from '../unit-of-work.ts';

export interface PreparedCopy extends WorkingCopy {
  /** Made just now: the project's setup script has to run. */
  fresh: boolean;
}

type CopyDeps = Omit<Deps, 'wake'>;

export function worktreeRoot(deps: Pick<Deps, 'home'>, project: ProjectRow): string {
  return project.worktree_root ?? deps.home.worktrees;
}

export function workingCopyPath(deps: Pick<Deps, 'home'>, project: ProjectRow, runId: string): string {
  return `${worktreeRoot(deps, project)}/wt-${runId.slice(0, 8)}`;
}

/** Throws GluonError; there is no fall-back to the person's checkout. */
export async function prepareWorkingCopy(
  deps: CopyDeps,
  run: RunRow,
  project: ProjectRow,
  file: ProjectFile | null,
): Promise<PreparedCopy> {
  if (!(await deps.home.exists(project.path))) throw new GluonError('repository_missing', { project: project.name, path: project.path });
  if (!run.use_worktree) return { path: project.path, borrowedObjects: [], fresh: false };
  if (run.worktree_state === 'present' && run.worktree_path !== null && (await deps.home.exists(run.worktree_path))) {
    return { ...(await deps.git.describeWorkingCopy(project.path, run.worktree_path)), fresh: false };
  }
  const { base_commit: base, branch_name: branch } = run;
  if (base === null || branch === null) throw new GluonError('working_copy_failed', { why: 'the run has no base or no branch' });
  const path = workingCopyPath(deps, project, run.id);
  if (run.worktree_path === path && (await deps.home.exists(path))) {
    // Made by an attempt that ended at that moment: a folder of that name is whole, and no agent was in it yet.
    const made = await deps.git.describeWorkingCopy(project.path, path);
    await notePresent(deps, run, path);
    return { ...made, fresh: true };
  }
  await claimPath(deps, run, path);
  await deps.fault('working-copy.before-create');
  const copy = await deps.git.createWorkingCopy({
    runId: run.id,
    projectPath: project.path,
    path,
    branch,
    commit: run.head_commit ?? base,
    baseCommit: base,
    copy: file?.copy ?? [],
  });
  try {
    await deps.fault('working-copy.after-create');
    await notePresent(deps, run, path);
  } catch (error) {
    // Nobody was in it yet; without the note nobody would ever remove it.
    await deps.git.removeWorkingCopy(worktreeRoot(deps, project), path);
    throw error;
  }
  await deps.fault('working-copy.after-write');
  return { ...copy, fresh: true };
}

/** The intention is durable before the folder is there: after a crash the folder is known to be this run's. */
async function claimPath(deps: CopyDeps, run: RunRow, path: string): Promise<void> {
  if (await deps.home.exists(path)) throw new GluonError('working_copy_failed', { why: `${path} exists already` });
  await unitOfWork(deps, (unit) => unit.updateRun(run.id, { worktree_path: path }, { epoch: run.epoch }));
}

/** The folder at `path` is the working copy of the run from now on. */
export async function notePresent(deps: CopyDeps, run: RunRow, path: string): Promise<void> {
  await unitOfWork(deps, async (unit) => {
    if (!(await unit.updateRun(run.id, { worktree_path: path, worktree_state: 'present' }, { epoch: run.epoch }))) return;
    const about = { runId: run.id, actor: 'gluon' };
    const base = run.base_commit ?? '';
    if (run.worktree_state === 'none')
      await unit.record('working_copy.created', { path, base_commit: base, branch: run.branch_name ?? '' }, about);
    else await unit.record('working_copy.restored', { path, from: run.head_commit ?? base }, about);
  });
}

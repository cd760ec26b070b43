/** Removal and return of working copies. Nothing is removed before everything in it is under a rescue ref. */
import { GluonError } from '../contract/errors.ts';
import type { RunStatus } from '../core/run/status.ts';
import type { ProjectRow, RunRow } from '../ports/store.ts';
import { openConfinement } from './attempt/confinement.ts';
import { confinedGit } from './attempt/import-work.ts';
import { runScript } from './attempt/open-attempt.ts';
import { notePresent, workingCopyPath } from './attempt/working-copy.ts';
import { type Deps, now } from './deps.ts';
import { findRun, projectOf } from './find.ts';
import { unitOfWork } from './unit-of-work.ts';

/** Above this, ignored files stay behind: installed dependencies can be had again. */
const MAX_RESCUE_BYTES = 512 * 1024 * 1024;
const ENDED: RunStatus[] = ['review', 'completed', 'failed', 'cancelled'];

/** Throws when anything cannot be rescued: then the folder stays. Never called for a run with a live attempt. */
export async function removeWorkingCopy(deps: Deps, run: RunRow, project: ProjectRow): Promise<void> {
  const path = run.worktree_path;
  if (path === null || !run.use_worktree || run.worktree_state !== 'present') return;
  if (deps.live.get(run.id) !== undefined || run.status === 'running') throw new GluonError('run_live', { run: run.id.slice(0, 8) });
  let ref = `refs/gluon/rescue/${run.id}`;
  const there = await deps.home.exists(path);
  if (there) {
    const file = run.config_commit === null ? null : await deps.git.projectFile(project.path, run.config_commit);
    const { borrowedObjects } = await deps.git.describeWorkingCopy(project.path, path);
    await deps.fault('remove.before-rescue');
    const confinement = await openConfinement(deps, { run, workingCopy: path, borrowedObjects, file, agent: null, egress: null });
    try {
      if (file?.teardown !== undefined)
        await runScript(deps, run, confinement, { name: 'teardown', command: file.teardown, cwd: path, env: { ...file.env } });
      ref = (
        await deps.git.rescue(
          { runId: run.id, projectPath: project.path, workingCopy: path, maxBytes: MAX_RESCUE_BYTES },
          confinedGit(confinement),
        )
      ).ref;
    } finally {
      await confinement.close();
    }
    await deps.fault('remove.after-rescue');
  }
  // Before the folder goes: one that is still there although its run says otherwise is whole, and a start takes it back.
  await unitOfWork(deps, async (unit) => {
    const ended = { status: ENDED, epoch: run.epoch };
    // Resumed meanwhile: its agent has or gets the folder.
    if (!(await unit.updateRun(run.id, { worktree_state: 'removed', ports: [] }, ended)))
      throw new GluonError('run_live', { run: run.id.slice(0, 8) });
    await unit.record('working_copy.removed', { path, rescue_ref: ref }, { runId: run.id, actor: 'gluon' });
  });
  if (there) await removeFolder(deps, run, path);
}

async function removeFolder(deps: Deps, run: RunRow, path: string): Promise<void> {
  try {
    await deps.fault('remove.after-write');
    // Its own parent: the root of the project may have been changed since.
    await deps.git.removeWorkingCopy(path.slice(0, path.lastIndexOf('/')), path);
  } catch (error) {
    // Still whole at its place: said so, or nothing would ever try again.
    if (await deps.home.exists(path)) await notePresent(deps, { ...run, worktree_state: 'removed' }, path);
    throw error;
  }
}

/** Brings a removed working copy back as it was, uncommitted and untracked files included. */
export async function undeleteRun(deps: Deps, ref: string, actor: string): Promise<string> {
  const run = await findRun(deps.store, ref);
  const project = await projectOf(deps.store, run);
  const days = deps.settings.get('rescue_days');
  const { base_commit: base, branch_name: branch } = run;
  if (run.worktree_state === 'present' || base === null || branch === null || !run.use_worktree) {
    throw new GluonError('nothing_to_undelete', { run: run.id.slice(0, 8), days });
  }
  const path = workingCopyPath(deps, project, run.id);
  await deps.fault('undelete.before-git');
  // There already: an undelete that failed at its last step, or a removal before its last.
  if (run.worktree_path !== path || !(await deps.home.exists(path))) {
    await deps.git.undelete({
      runId: run.id,
      projectPath: project.path,
      path,
      branch,
      commit: run.head_commit ?? base,
      baseCommit: base,
      copy: [],
    });
  }
  await deps.fault('undelete.before-write');
  await unitOfWork(deps, async (unit) => {
    // Somebody wants it again: its time on the books begins anew.
    const settled = run.settled_at === null ? {} : { settled_at: now(deps) };
    const back = { worktree_path: path, worktree_state: 'present' as const, archived: false, ...settled };
    await unit.updateRun(run.id, back, { epoch: run.epoch });
    await unit.record('working_copy.restored', { path, from: `refs/gluon/rescue/${run.id}` }, { runId: run.id, actor });
  });
  return run.id;
}

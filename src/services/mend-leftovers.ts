/** At start: what a crash left half-done outside the store is brought to its end or taken back. */
import { clearUnfinished } from './abandon-run.ts';
import { notePresent } from './attempt/working-copy.ts';
import type { Deps } from './deps.ts';
import { noteProblem } from './problems.ts';
import { runOfCopy } from './tidy.ts';
import { unitOfWork } from './unit-of-work.ts';

type MendDeps = Omit<Deps, 'wake'>;

/** Never throws: what cannot be mended now is told, and keeps nothing else from going on. */
export async function mendLeftovers(deps: MendDeps): Promise<void> {
  await told(deps, () => clearUnfinished(deps));
  await told(deps, () => deps.git.sweepWorkingCopies(deps.home.worktrees));
  const projects = await deps.store.projects();
  for (const project of projects) {
    if (await deps.home.exists(project.path)) await told(deps, () => mendProject(deps, project.path));
  }
  const roots = new Set([deps.home.worktrees, ...projects.flatMap(({ worktree_root: root }) => (root === null ? [] : [root]))]);
  for (const root of roots) await told(deps, () => takeBackCopies(deps, root));
}

async function told(deps: MendDeps, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await noteProblem(deps, 'start', error);
  }
}

async function mendProject(deps: MendDeps, path: string): Promise<void> {
  for (const what of await deps.git.mend(path))
    await unitOfWork(deps, (unit) => unit.record('reconcile.repaired', { what }, { actor: 'gluon' }));
  // The base of a run is held before the run is written; one that nobody knows was never accepted, and nothing came of it.
  for (const runId of await deps.git.heldBases(path))
    if ((await deps.store.run(runId)) === null) await deps.git.deleteRunRefs(path, runId, ['base']);
}

/** A folder that is there is whole: its run was about to say so, or had said too early that it was gone. */
async function takeBackCopies(deps: MendDeps, root: string): Promise<void> {
  for (const path of await deps.home.listWorktrees(root)) {
    const run = await runOfCopy(deps, path);
    if (run !== null && run.worktree_state !== 'present') await notePresent(deps, run, path);
  }
}

/** Takes back what was made for a run that was never written: nobody was told of it, and nothing of it is anybody's work. */
import type { Deps } from './deps.ts';
import { noteProblem } from './problems.ts';

type AbandonDeps = Omit<Deps, 'wake'>;

/** What the work throws is thrown, after everything that was made for the run is gone again. */
export async function orAbandon<T>(deps: AbandonDeps, run: { id: string; projectPath: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await abandonRun(deps, run).catch((problem: unknown) => noteProblem(deps, 'taking back', problem));
    throw error;
  }
}

async function abandonRun(deps: AbandonDeps, run: { id: string; projectPath: string }): Promise<void> {
  if ((await deps.store.run(run.id)) !== null) return;
  await deps.git.deleteRunRefs(run.projectPath, run.id, ['base']);
  await removeFolders(deps, run.id);
  await deps.home.clearUnfinished(run.id);
}

async function removeFolders(deps: AbandonDeps, runId: string): Promise<void> {
  await deps.transcripts.remove(runId);
  for (const folder of [deps.home.sessionFolder(runId), deps.home.logFolder(runId)]) await deps.home.removeFolder(folder);
}

/** A fork has its folders before its row. Without the row it was never accepted; with it the note alone was left. */
export async function clearUnfinished(deps: AbandonDeps): Promise<void> {
  for (const runId of await deps.home.unfinished()) {
    if ((await deps.store.run(runId)) === null) await removeFolders(deps, runId);
    await deps.home.clearUnfinished(runId);
  }
}

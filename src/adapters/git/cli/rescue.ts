/** Everything of a working copy under one reference, before the folder may go; and back again. */
import { GluonError, isGluonError } from '../../../contract/errors.ts';
import type { RunConfined, WorkingCopy, WorkingCopySpec } from '../../../ports/git.ts';
import { refValue } from './commit-names.ts';
import { type ConfinedPlace, type Sent, takeOut } from './confined-work.ts';
import { RESCUE_TOLERATES, receivePack } from './receive.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs, runRef } from './run-refs.ts';
import { createWorkingCopy, type ReadPerson } from './working-copy.ts';

export interface RescueSpec {
  runId: string;
  projectPath: string;
  workingCopy: string;
  maxBytes: number;
}

/** No agent has a million files worth keeping; a bomb of tiny files does. */
const MAX_OBJECTS = 1_000_000;

/**
 * The commit's tree is all files (ignored ones too, unless they are more than `maxBytes`), its first parent the commit that was checked
 * out, the others every branch and the stash. Throws `import_refused` when it could not be kept: then nothing may be removed.
 */
export async function rescue(
  context: GitContext,
  readPerson: ReadPerson,
  spec: RescueSpec,
  confined: RunConfined,
): Promise<{ ref: string; commit: string }> {
  const repository = await context.open(spec.projectPath);
  const ref = runRef('rescue', spec.runId);
  const since =
    (await refValue(context, repository, runRef('runs', spec.runId))) ?? (await refValue(context, repository, runRef('base', spec.runId)));
  if (since === null) throw new GluonError('import_refused', { why: 'no commit of that run is known in the project' });
  const place: ConfinedPlace = { confined, repository, workingCopy: spec.workingCopy, branch: 'none', since, ignoreGit: false };
  const sent = await collect(place, spec, await readPerson(repository));
  const received = await receivePack(context, repository, {
    ...sent,
    maxBytes: spec.maxBytes,
    maxObjects: MAX_OBJECTS,
    tolerate: RESCUE_TOLERATES,
  });
  try {
    await context.fault('rescue.before-ref');
    await context.lock(repository.commonDir, () => changeRefs(context, repository, [{ ref, to: sent.tip }], 'gluon: rescued'));
    if ((await refValue(context, repository, ref)) !== sent.tip)
      throw new GluonError('import_refused', { why: `${ref} could not be written` });
  } finally {
    await received.release();
  }
  return { ref, commit: sent.tip };
}

async function collect(place: ConfinedPlace, spec: RescueSpec, identity: { name: string; email: string }): Promise<Sent> {
  try {
    return await collectOnce(place, spec, identity);
  } catch (error) {
    // Destroyed git data must not keep the files from being saved.
    if (!isGluonError(error) || error.code !== 'import_refused' || String(error.params.why).startsWith('they')) throw error;
    return collectOnce({ ...place, ignoreGit: true }, spec, identity);
  }
}

async function collectOnce(place: ConfinedPlace, spec: RescueSpec, identity: { name: string; email: string }): Promise<Sent> {
  const look = { list: 'all' as const, ignoredKib: Math.floor(spec.maxBytes / 1024), maxBytes: spec.maxBytes };
  const sent = await takeOut(place, look, Promise.resolve(), async (found) => {
    const tip = found.head ?? place.since;
    const leftOut = found.leftOutKib === null ? '' : `\n\nIgnored files of ${found.leftOutKib} KiB were left out: more than the limit.`;
    return {
      tip,
      commit: 'aside',
      parents: [...new Set([found.merging, ...found.others, place.since])].filter((sha): sha is string => sha !== null && sha !== tip),
      paths: found.paths,
      message: `Rescued working copy of run ${spec.runId}\n\nThe first parent is the commit that was checked out.${leftOut}\n`,
      identity,
      known: [place.since],
    };
  });
  if (sent === null) throw new GluonError('import_refused', { why: 'the sandbox sent nothing' });
  return sent;
}

/** The branch at the commit that was checked out, and every file as it was: what was uncommitted is uncommitted again. */
export async function undelete(context: GitContext, readPerson: ReadPerson, spec: WorkingCopySpec, keepDays: number): Promise<WorkingCopy> {
  const repository = await context.open(spec.projectPath);
  const rescued = await refValue(context, repository, runRef('rescue', spec.runId));
  if (rescued === null) throw new GluonError('nothing_to_undelete', { run: spec.runId, days: keepDays });
  const commit = await firstParent(context, repository, rescued);
  return createWorkingCopy(context, readPerson, { ...spec, commit, copy: [] }, async (clone, folder) => {
    const call = { ...clone, writes: true, cwd: folder, timeoutMs: 600_000 };
    await context.git.bytes({ ...call, args: ['read-tree', '--reset', '-u', rescued] });
    await context.git.bytes({ ...call, args: ['read-tree', '--reset', commit] });
    // Differences are what is wanted here: the exit code says only that there are some.
    await context.git.end({ ...call, args: ['update-index', '-q', '--refresh'] });
  });
}

async function firstParent(context: GitContext, repository: Repository, commit: string): Promise<string> {
  return context.git.text({ ...repository.content, args: ['rev-parse', '--verify', `${commit}^1`] });
}

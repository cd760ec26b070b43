/**
 * A working copy: a private clone that borrows objects from the project. It is built under another name beside its place and moved
 * there when complete, so that a folder of that name is always whole.
 */
import { lstat, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { GluonError, isGluonError } from '../../../contract/errors.ts';
import { parseBranchName } from '../../../core/git/branch-name.ts';
import type { WorkingCopy, WorkingCopySpec } from '../../../ports/git.ts';
import { checkedSha, refValue } from './commit-names.ts';
import { copyIgnoredFiles } from './copied-files.ts';
import type { GitScope } from './git-exec.ts';
import type { PersonSettings } from './person-settings.ts';
import { BUILDING, discardFolder } from './remove.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs, runRef } from './run-refs.ts';

export type ReadPerson = (repository: Repository) => Promise<PersonSettings>;
/** Puts more into the new clone before it is moved to its place. */
export type Finish = (clone: GitScope, folder: string) => Promise<void>;

/** Writing many small files waits for the file system more than for a processor; a few do not pay for the helpers. */
const MANY_FILES_AT_ONCE = ['checkout.workers=4', 'checkout.thresholdForParallelism=200'];

/** All or nothing: on failure no folder and no reference is left that was not there before. Throws `working_copy_failed`. */
export async function createWorkingCopy(
  context: GitContext,
  readPerson: ReadPerson,
  spec: WorkingCopySpec,
  finish?: Finish,
): Promise<WorkingCopy> {
  const repository = await context.open(spec.projectPath);
  if (parseBranchName(spec.branch) === null) throw new GluonError('branch_name_invalid', { name: spec.branch });
  const baseRef = runRef('base', spec.runId);
  const reading = readPerson(repository);
  // Met where it is awaited.
  reading.catch(() => {});
  const hadBase = await holdBase(context, repository, baseRef, checkedSha(spec.baseCommit));
  let building: string | null = null;
  try {
    await refuseTaken(spec.path);
    const root = dirname(spec.path);
    await mkdir(root, { recursive: true, mode: 0o700 });
    const person = await reading;
    building = await mkdtemp(join(root, `${BUILDING}${basename(spec.path)}-`));
    const clone = await layOut(repository, building, spec.branch, checkedSha(spec.commit), person);
    await context.git.bytes({
      ...clone,
      writes: true,
      cwd: building,
      settings: MANY_FILES_AT_ONCE,
      args: ['read-tree', '--reset', '-u', spec.commit],
      timeoutMs: 600_000,
    });
    await copyIgnoredFiles(context, repository, person, spec.copy, building);
    if (finish !== undefined) await finish(clone, building);
    await context.fault('working-copy.half-built');
    await rename(building, spec.path);
  } catch (error) {
    if (building !== null) await discardFolder(context, building);
    if (!hadBase) await changeRefs(context, repository, [{ ref: baseRef, to: null }], 'gluon: working copy failed');
    throw asWorkingCopyError(error);
  }
  return { path: spec.path, borrowedObjects: repository.allObjects };
}

/** Says which objects a sandbox must be able to read. Throws `working_copy_failed` when the folder is gone or not a folder. */
export async function describeWorkingCopy(context: GitContext, projectPath: string, path: string): Promise<WorkingCopy> {
  const repository = await context.open(projectPath);
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isDirectory()) throw new GluonError('working_copy_failed', { why: `there is no folder ${path}` });
  return { path, borrowedObjects: repository.allObjects };
}

/** True when the reference was there before. */
export async function holdBase(context: GitContext, repository: Repository, ref: string, commit: string): Promise<boolean> {
  return context.lock(repository.commonDir, async () => {
    if ((await refValue(context, repository, ref)) === commit) return true;
    const created = await changeRefs(context, repository, [{ ref, to: commit, from: null }], 'gluon: base of a run');
    if (!created) await changeRefs(context, repository, [{ ref, to: commit }], 'gluon: base of a run');
    return !created;
  });
}

async function refuseTaken(path: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found !== null) throw new GluonError('working_copy_failed', { why: `${path} exists already` });
}

/** The parts of `.git` that are ours to say; afterwards the agent may change all of it. */
async function layOut(repository: Repository, folder: string, branch: string, commit: string, person: PersonSettings): Promise<GitScope> {
  const gitDir = join(folder, '.git');
  const refFile = join(gitDir, 'refs', 'heads', branch);
  await mkdir(join(gitDir, 'objects', 'info'), { recursive: true });
  await mkdir(join(gitDir, 'info'));
  await mkdir(dirname(refFile), { recursive: true });
  await Promise.all([
    writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`),
    writeFile(join(gitDir, 'config'), cloneConfig(repository, person)),
    writeFile(join(gitDir, 'objects', 'info', 'alternates'), `${repository.allObjects.join('\n')}\n`),
    writeFile(join(gitDir, 'info', 'exclude'), `${person.excludes}\n`),
    writeFile(refFile, `${commit}\n`),
  ]);
  return { gitDir, workTree: folder };
}

function cloneConfig(repository: Repository, person: PersonSettings): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return [
    '[core]',
    `\trepositoryformatversion = ${repository.format === 'sha256' ? 1 : 0}`,
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    // The borrowed objects are read-only in the sandbox and the clone is short-lived: nothing is gained by packing.
    '[gc]',
    '\tauto = 0',
    '[maintenance]',
    '\tauto = false',
    '[user]',
    `\tname = ${quoted(person.name)}`,
    `\temail = ${quoted(person.email)}`,
    ...(repository.format === 'sha256' ? ['[extensions]', '\tobjectFormat = sha256'] : []),
    '',
  ].join('\n');
}

function asWorkingCopyError(error: unknown): unknown {
  if (isGluonError(error)) {
    if (error.code !== 'git_failed') return error;
    return new GluonError('working_copy_failed', { why: error.message }, { cause: error });
  }
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new GluonError('disk_full', { path: 'working copy' }, { cause: error });
  return new GluonError('working_copy_failed', { why: error instanceof Error ? error.message : 'unknown' }, { cause: error });
}

/** The git port over the git program. */
import { mkdir } from 'node:fs/promises';
import { GluonError } from '../../../contract/errors.ts';
import type { Git } from '../../../ports/git.ts';
import type { Clock, FaultPoint, Log } from '../../../ports/system.ts';
import { branchExists, branches, deleteBranch, renameBranch } from './branches.ts';
import { changes } from './changes.ts';
import { checkedSha, isAncestor, mergeBase, resolveCommit } from './commit-names.ts';
import { diff } from './diff.ts';
import { gitExec } from './git-exec.ts';
import { commit, commits, countCommits } from './history.ts';
import { prepareImport } from './import-work.ts';
import { checkedOutBranch, inspect } from './inspect.ts';
import { mend } from './mend.ts';
import { mergeIntoBase } from './merge.ts';
import { personSettings } from './person-settings.ts';
import { fetch, push, sync } from './remote.ts';
import { removeWorkingCopy, sweepUnfinished } from './remove.ts';
import { gitContext } from './repository.ts';
import { rescue, undelete } from './rescue.ts';
import { deleteRunRefs, heldBases, rescueRefs, runRef } from './run-refs.ts';
import { snapshotUncommitted } from './snapshot.ts';
import { status } from './status.ts';
import { listFiles, rememberedProjectFiles, textFiles, trustedConfigExport } from './tree-files.ts';
import { createWorkingCopy, describeWorkingCopy, holdBase, type ReadPerson } from './working-copy.ts';

export interface GitCliOptions {
  clock: Clock;
  log: Log;
  /** Environment of the server: PATH for git itself; HOME, ssh agent and proxies for a person's own fetch and push. */
  environment: Readonly<Record<string, string | undefined>>;
  /** A folder of the home for this adapter alone; made when missing. */
  stateFolder: string;
  /** How long rescued work is kept, for the sentence that says it is gone. */
  rescueDays?: number;
  /** Named places at which a test ends the process; nothing happens there otherwise. */
  fault?: FaultPoint;
}

/** `merge-tree --write-tree` came with 2.38. */
const NEEDED = [2, 38] as const;

export function gitCli(options: GitCliOptions): Git {
  const { clock, log, environment: env } = options;
  const fault = options.fault ?? (async () => {});
  const context = gitContext({ git: gitExec({ clock, env }), clock, log, stateFolder: options.stateFolder, fault });
  const open = context.open;
  context.open = async (path) => {
    await mkdir(options.stateFolder, { recursive: true, mode: 0o700 });
    return open(path);
  };
  const projectFile = rememberedProjectFiles(context);
  const person: ReadPerson = (repository) => personSettings(context, repository, env);
  return {
    version: () => version(context.git),
    inspect: (path) => mkdir(options.stateFolder, { recursive: true, mode: 0o700 }).then(() => inspect(context, path)),
    checkedOutBranch: (path) => checkedOutBranch(context, path),
    resolveCommit: (path, name, project) => resolveCommit(context, path, name, project),
    snapshotUncommitted: (path) => snapshotUncommitted(context, person, path),
    branchExists: (path, branch) => branchExists(context, path, branch),
    projectFile,
    exportTrustedConfig: trustedConfigExport(context),
    createWorkingCopy: (spec) => createWorkingCopy(context, person, spec),
    describeWorkingCopy: (project, path) => describeWorkingCopy(context, project, path),
    importWork: (spec, confined) => prepareImport(context, person, spec, confined).take(),
    prepareImport: (spec, confined) => prepareImport(context, person, spec, confined),
    rescue: (spec, confined) => rescue(context, person, spec, confined),
    removeWorkingCopy: (root, path) => removeWorkingCopy(context, root, path),
    sweepWorkingCopies: (root) => sweepUnfinished(context, root),
    mend: (path) => mend(context, person, path),
    holdBase: async (path, runId, commit) => {
      await holdBase(context, await context.open(path), runRef('base', runId), checkedSha(commit));
    },
    heldBases: (path) => heldBases(context, path),
    undelete: (spec) => undelete(context, person, spec, options.rescueDays ?? 14),
    rescueRefs: (path) => rescueRefs(context, path),
    deleteRunRefs: (path, runId, kinds) => deleteRunRefs(context, path, runId, kinds),
    commits: (path, from, to, limit) => commits(context, path, from, to, limit),
    countCommits: (path, from, to) => countCommits(context, path, from, to),
    commit: (path, sha) => commit(context, path, sha),
    isAncestor: async (path, a, b) => isAncestor(context, await context.open(path), a, b),
    mergeBase: async (path, a, b) => mergeBase(context, await context.open(path), a, b),
    changes: (path, from, to) => changes(context, path, from, to),
    diff: (path, from, to, window) => diff(context, path, from, to, window),
    listFiles: (path, sha, prefix, limit) => listFiles(context, path, sha, prefix, limit),
    textFiles: (path, sha, folders, limits) => textFiles(context, path, sha, folders, limits),
    mergeIntoBase: (spec) => mergeIntoBase(context, person, spec),
    status: (path) => status(context, person, path),
    fetch: (path) => fetch(context, path),
    sync: (path, project) => sync(context, person, path, project),
    push: (path, branch, project) => push(context, path, branch, project),
    branches: (path, which) => branches(context, path, which),
    renameBranch: (path, from, to) => renameBranch(context, path, from, to),
    deleteBranch: (path, name) => deleteBranch(context, path, name),
  };
}

/** Throws `git_too_old`; `git_failed` when there is none. */
async function version(git: ReturnType<typeof gitExec>): Promise<string> {
  const found = /(\d+)\.(\d+)(?:\.\d+)*/.exec(await git.text({ args: ['version'] }));
  const [whole = 'unknown', major = '0', minor = '0'] = found ?? [];
  const old = Number(major) < NEEDED[0] || (Number(major) === NEEDED[0] && Number(minor) < NEEDED[1]);
  if (old) throw new GluonError('git_too_old', { version: whole, needed: NEEDED.join('.') });
  return whole;
}

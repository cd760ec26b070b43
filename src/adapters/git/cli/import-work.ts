/** Brings the commits of a run into the project: decided here, made and sent inside the sandbox, checked and named here. */

import { GluonError, isGluonError } from '../../../contract/errors.ts';
import { parseBranchName } from '../../../core/git/branch-name.ts';
import { leftOutOfCommits } from '../../../core/git/secret-paths.ts';
import { chooseTip } from '../../../core/git/work-found.ts';
import type { ImportResult, ImportSpec, RunConfined } from '../../../ports/git.ts';
import { checkedSha, isAncestor, refValue } from './commit-names.ts';
import { type ConfinedPlace, type Found, look, send } from './confined-work.ts';
import { identityEnv } from './person-settings.ts';
import { receivePack } from './receive.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs, runRef } from './run-refs.ts';
import type { ReadPerson } from './working-copy.ts';
import { checkoutsOf } from './worktrees.ts';

/**
 * Idempotent; may be called while the agent works (then without `autoCommit`). A rewritten history is taken as it is: the branch is
 * the run's own. Throws `import_refused` and leaves the project unchanged when what came does not pass the checks.
 */
export async function importWork(
  context: GitContext,
  readPerson: ReadPerson,
  spec: ImportSpec,
  confined: RunConfined,
): Promise<ImportResult> {
  if (parseBranchName(spec.branch) === null) throw new GluonError('branch_name_invalid', { name: spec.branch });
  const repository = await context.open(spec.projectPath);
  const place: ConfinedPlace = {
    confined,
    repository,
    workingCopy: spec.workingCopy,
    branch: spec.branch,
    since: checkedSha(spec.since),
    ignoreGit: false,
  };
  const [person, before] = await Promise.all([readPerson(repository), refValue(context, repository, runRef('runs', spec.runId))]);
  const sent = await collect(place, spec, identityEnv(person), before);
  if (sent.pack === null) return settle(context, repository, spec, { ...sent, commits: 0 });
  const received = await receivePack(context, repository, {
    tip: sent.tip,
    pack: sent.pack,
    maxBytes: spec.maxBytes,
    maxObjects: spec.maxObjects,
    tolerate: [],
  });
  try {
    await context.fault('import.before-refs');
    const commits = await context.git.text({ ...repository.refs, args: ['rev-list', '--count', sent.tip, '--not', '--all'] });
    return await settle(context, repository, spec, { ...sent, commits: Number(commits) });
  } finally {
    await received.release();
  }
}

async function settle(
  context: GitContext,
  repository: Repository,
  spec: ImportSpec,
  taken: Omit<Collected, 'pack'> & { commits: number },
): Promise<ImportResult> {
  const moved = await context.lock(repository.commonDir, () => moveRefs(context, repository, spec, taken.tip));
  const notices = [...taken.notices, ...(moved === null ? [] : [moved])];
  return { head: taken.tip, commits: taken.commits, autoCommitted: taken.autoCommitted, notices };
}

interface Collected {
  tip: string;
  /** Null: the project has the tip already. */
  pack: Buffer | null;
  autoCommitted: boolean;
  notices: string[];
}

async function collect(
  place: ConfinedPlace,
  spec: ImportSpec,
  identity: Record<string, string>,
  before: string | null,
): Promise<Collected> {
  try {
    return await collectOnce(place, spec, identity, before);
  } catch (error) {
    // The agent's git data cannot be used. Its files can: one commit of them on top of what is known.
    const broken = isGluonError(error) && error.code === 'import_refused' && !String(error.params.why).startsWith('they');
    if (!broken || spec.autoCommit === null || place.ignoreGit) throw error;
    return collectOnce({ ...place, ignoreGit: true }, spec, identity, before);
  }
}

async function collectOnce(
  place: ConfinedPlace,
  spec: ImportSpec,
  identity: Record<string, string>,
  before: string | null,
): Promise<Collected> {
  const found = await look(place, spec.autoCommit === null ? 'none' : 'changed', 0);
  const choice = chooseTip(found, place.branch);
  const notices = choice.notice === null ? [] : [choice.notice];
  const tip = choice.tip ?? place.since;
  const wanted = spec.autoCommit !== null && choice.mayCommit ? pathsToCommit(found, spec.autoCommit.exclude, notices) : [];
  const commit = wanted.length > 0 || (spec.autoCommit !== null && choice.mayCommit && (found.deleted || found.merging !== null));
  // Both were checked when they came, and references of ours have held them since.
  if (!commit && (tip === before || tip === place.since)) return { tip, pack: null, autoCommitted: false, notices };
  const sent = await send(place, {
    tip,
    commit: commit ? 'branch' : 'none',
    parents: commit && found.merging !== null ? [found.merging] : [],
    paths: wanted,
    message: spec.autoCommit?.message ?? '',
    identity,
    // What came before need not come again.
    known: before === null ? [place.since] : [place.since, before],
    maxBytes: spec.maxBytes,
  });
  if ('refused' in sent) throw new GluonError('import_refused', { why: `the sandbox could not send them (${sent.refused})` });
  return { ...sent, autoCommitted: sent.tip !== tip, notices };
}

function pathsToCommit(found: Found, exclude: readonly string[], notices: string[]): Buffer[] {
  const leftOut = leftOutOfCommits(exclude);
  const kept = found.paths.filter((path) => !leftOut(path.toString('utf8')));
  if (kept.length < found.paths.length) notices.push('Files that may hold secrets, or that were copied in, were not committed.');
  if (found.embedded.length > 0) {
    notices.push(`Folders with a repository of their own were not committed: ${found.embedded.slice(0, 5).join(', ')}.`);
  }
  return kept;
}

/** Null when both references moved; else the sentence that says why the branch did not. */
async function moveRefs(context: GitContext, repository: Repository, spec: ImportSpec, tip: string): Promise<string | null> {
  const runs = runRef('runs', spec.runId);
  const branchRef = `refs/heads/${spec.branch}`;
  const [oldRun, oldBranch] = await Promise.all([refValue(context, repository, runs), refValue(context, repository, branchRef)]);
  if (oldRun === tip && oldBranch === tip) return null;
  const reason = 'gluon: work of a run';
  const keep = { ref: runs, to: tip, from: oldRun };
  const branchWhy = await whyNotMove(context, repository, spec, { oldRun, oldBranch, tip });
  const changes = branchWhy === null ? [keep, { ref: branchRef, to: tip, from: oldBranch }] : [keep];
  if (await changeRefs(context, repository, changes, reason)) return branchWhy;
  // The branch's name collides or somebody moved it this moment: the work is kept all the same.
  if (await changeRefs(context, repository, [{ ref: runs, to: tip }], reason)) {
    return `The branch ${spec.branch} could not be moved; the work is kept as ${runs}.`;
  }
  throw new GluonError('import_refused', { why: `the reference ${runs} could not be written` });
}

async function whyNotMove(
  context: GitContext,
  repository: Repository,
  spec: ImportSpec,
  now: { oldRun: string | null; oldBranch: string | null; tip: string },
): Promise<string | null> {
  if (now.oldBranch === now.tip) return null;
  const [shown] = await checkoutsOf(context, repository, spec.branch);
  if (shown !== undefined)
    return `The branch ${spec.branch} is checked out in ${shown}, so it was not moved; the work is kept as ${runRef('runs', spec.runId)}.`;
  const ours = now.oldBranch === null || now.oldBranch === now.oldRun || now.oldBranch === spec.since;
  if (ours || (now.oldBranch !== null && (await isAncestor(context, repository, now.oldBranch, now.tip)))) return null;
  return `Somebody else moved the branch ${spec.branch}, so it was left; the work is kept as ${runRef('runs', spec.runId)}.`;
}

/** Brings the commits of a run into the project: decided here, made and sent inside the sandbox, checked and named here. */

import { GluonError, isGluonError } from '../../../contract/errors.ts';
import { parseBranchName } from '../../../core/git/branch-name.ts';
import { leftOutOfCommits } from '../../../core/git/secret-paths.ts';
import { chooseTip } from '../../../core/git/work-found.ts';
import type { ImportResult, ImportSpec, PreparedImport, RunConfined } from '../../../ports/git.ts';
import { checkedSha, isAncestor, refValue } from './commit-names.ts';
import { type ConfinedPlace, type Found, type SendRequest, takeOut } from './confined-work.ts';
import { receivePack } from './receive.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs, runRef } from './run-refs.ts';
import type { ReadPerson } from './working-copy.ts';
import { checkoutsOf } from './worktrees.ts';

/**
 * Starts the process that will bring the work home, so that it waits in the sandbox before it is needed. Idempotent; may be used while
 * the agent works (then without `autoCommit`). A rewritten history is taken as it is: the branch is the run's own. `take` throws
 * `import_refused` and leaves the project unchanged when what came does not pass the checks.
 */
export function prepareImport(context: GitContext, readPerson: ReadPerson, spec: ImportSpec, confined: RunConfined): PreparedImport {
  const [word, decision] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const place = placeOf(context, spec, confined);
  const sent = place.then((opened) =>
    collect(context, readPerson, spec, { place: opened, begin: word.promise, mayDecide: decision.promise }),
  );
  // Met where it is awaited; a failure before that must not be one that nobody handles.
  sent.catch(() => {});
  return {
    look: word.resolve,
    async take() {
      word.resolve();
      decision.resolve();
      return receive(context, (await place).repository, spec, await sent);
    },
  };
}

async function placeOf(context: GitContext, spec: ImportSpec, confined: RunConfined): Promise<ConfinedPlace> {
  if (parseBranchName(spec.branch) === null) throw new GluonError('branch_name_invalid', { name: spec.branch });
  const repository = await context.open(spec.projectPath);
  return { confined, repository, workingCopy: spec.workingCopy, branch: spec.branch, since: checkedSha(spec.since), ignoreGit: false };
}

async function receive(context: GitContext, repository: Repository, spec: ImportSpec, sent: Collected): Promise<ImportResult> {
  if (sent.pack === null) return settle(context, repository, spec, sent);
  const { maxBytes, maxObjects } = spec;
  const received = await receivePack(context, repository, { tip: sent.tip, pack: sent.pack, maxBytes, maxObjects, tolerate: [] });
  try {
    await context.fault('import.before-refs');
    return await settle(context, repository, spec, sent);
  } finally {
    await received.release();
  }
}

async function settle(context: GitContext, repository: Repository, spec: ImportSpec, taken: Collected): Promise<ImportResult> {
  const moved = await context.lock(repository.commonDir, () => moveRefs(context, repository, spec, taken.tip));
  const notices = [...taken.notices, ...(moved === null ? [] : [moved])];
  return { head: taken.tip, autoCommitted: taken.autoCommitted, notices };
}

interface Collected {
  tip: string;
  /** Null: the project has the tip already. */
  pack: Buffer | null;
  autoCommitted: boolean;
  notices: string[];
}

interface Collecting {
  place: ConfinedPlace;
  /** Nobody writes in the working copy any more. */
  begin: Promise<void>;
  /** What the project has is settled. */
  mayDecide: Promise<void>;
}

async function collect(context: GitContext, readPerson: ReadPerson, spec: ImportSpec, how: Collecting): Promise<Collected> {
  try {
    return await collectOnce(context, readPerson, spec, how);
  } catch (error) {
    // The agent's git data cannot be used. Its files can: one commit of them on top of what is known.
    const broken = isGluonError(error) && error.code === 'import_refused' && !String(error.params.why).startsWith('they');
    if (!broken || spec.autoCommit === null || how.place.ignoreGit) throw error;
    return collectOnce(context, readPerson, spec, { ...how, place: { ...how.place, ignoreGit: true } });
  }
}

async function collectOnce(context: GitContext, readPerson: ReadPerson, spec: ImportSpec, how: Collecting): Promise<Collected> {
  const { place } = how;
  const notices: string[] = [];
  let tip = place.since;
  const decide = async (found: Found): Promise<SendRequest | null> => {
    await how.mayDecide;
    const choice = chooseTip(found, place.branch);
    if (choice.notice !== null) notices.push(choice.notice);
    if (found.pipes) notices.push('Pipes (FIFOs) among the files of the working copy were removed: git would wait for them.');
    tip = choice.tip ?? place.since;
    const wanted = spec.autoCommit !== null && choice.mayCommit ? pathsToCommit(found, spec.autoCommit.exclude, notices) : [];
    const commit = wanted.length > 0 || (spec.autoCommit !== null && choice.mayCommit && (found.deleted || found.merging !== null));
    const before = await refValue(context, place.repository, runRef('runs', spec.runId));
    // Both were checked when they came, and references of ours have held them since.
    if (!commit && (tip === before || tip === place.since)) return null;
    return {
      tip,
      commit: commit ? 'branch' : 'none',
      parents: commit && found.merging !== null ? [found.merging] : [],
      paths: wanted,
      message: spec.autoCommit?.message ?? '',
      identity: commit ? await readPerson(place.repository) : NOBODY,
      // What came before need not come again.
      known: before === null ? [place.since] : [place.since, before],
    };
  };
  const look = { list: spec.autoCommit === null ? ('none' as const) : ('changed' as const), ignoredKib: 0, maxBytes: spec.maxBytes };
  const sent = await takeOut(place, look, how.begin, decide);
  return sent === null ? { tip, pack: null, autoCommitted: false, notices } : { ...sent, autoCommitted: sent.tip !== tip, notices };
}

/** Where no commit is made. */
const NOBODY = { name: '', email: '' };

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

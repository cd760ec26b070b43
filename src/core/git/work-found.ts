/** Which commit of a working copy is the work of the run. The facts were reported from inside a sandbox: hints, checked on receipt. */

export interface WorkFound {
  /** Commit that HEAD names, or null when HEAD is unborn or the git data is destroyed. */
  readonly head: string | null;
  /** Full name of the reference that HEAD follows; null when detached. */
  readonly on: string | null;
  /** Commit of the run's own branch. */
  readonly branch: string | null;
  readonly headIsBehindBranch: boolean;
  readonly unmerged: boolean;
  readonly rebasing: boolean;
}

export interface TipChoice {
  /** Null: nothing could be read; the content goes on top of what is known. */
  readonly tip: string | null;
  /** Uncommitted files may be committed on top of it. */
  readonly mayCommit: boolean;
  readonly notice: string | null;
}

/**
 * A rebase under way leaves HEAD on half of the story: then the branch counts. A HEAD behind the branch (the agent looked at an old
 * commit) does not hide the branch either. In every other case the work is where HEAD is, whatever branch that may be.
 */
export function chooseTip(found: WorkFound, branchName: string): TipChoice {
  if (found.head === null) {
    if (found.branch !== null)
      return { tip: found.branch, mayCommit: true, notice: 'HEAD of the working copy names no commit; its branch was taken.' };
    return { tip: null, mayCommit: true, notice: 'The git data of the working copy is damaged; its files were taken as they are.' };
  }
  if (found.branch !== null && found.branch !== found.head && (found.rebasing || found.headIsBehindBranch)) {
    const why = found.rebasing ? 'a rebase was under way' : 'an older commit was checked out';
    return { tip: found.branch, mayCommit: false, notice: `In the working copy ${why}; the branch was taken, uncommitted files were not.` };
  }
  if (found.unmerged || found.rebasing) {
    return {
      tip: found.head,
      mayCommit: false,
      notice: 'The working copy has unresolved conflicts; uncommitted files were not committed.',
    };
  }
  if (found.on === null || found.on !== `refs/heads/${branchName}`) {
    const where = found.on === null ? 'no branch' : 'another branch';
    return { tip: found.head, mayCommit: true, notice: `The agent left the working copy on ${where}; that commit was taken.` };
  }
  return { tip: found.head, mayCommit: true, notice: null };
}

/** Commits, files and diffs of a run, from the project's object store: they stay when the branch and the working copy are gone. */
import { GluonError } from '../contract/errors.ts';
import type { Commit, Diff, FileChange } from '../contract/git-resources.ts';
import type { ProjectRow, RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { findRun, projectOf } from './find.ts';

export type Compare = 'base' | 'checkpoint';

interface Range {
  run: RunRow;
  project: ProjectRow;
  from: string;
  to: string;
}

/** `base`: the whole change. `checkpoint`: since the last message to the agent, that is, since its last attempt began. */
async function rangeOf(deps: Deps, ref: string, compare: Compare): Promise<Range> {
  const run = await findRun(deps.store, ref);
  const project = await projectOf(deps.store, run);
  const base = run.base_commit;
  if (base === null) throw new GluonError('commit_not_found', { sha: 'base' });
  const to = run.head_commit ?? base;
  if (compare === 'base') return { run, project, from: base, to };
  const last = (await deps.store.attempts(run.id)).at(-1);
  return { run, project, from: last?.base_commit ?? base, to };
}

export async function listCommits(deps: Deps, ref: string, limit: number): Promise<Commit[]> {
  const range = await rangeOf(deps, ref, 'base');
  return range.from === range.to ? [] : deps.git.commits(range.project.path, range.from, range.to, limit);
}

export async function readCommit(deps: Deps, ref: string, sha: string): Promise<{ commit: Commit; files: FileChange[] }> {
  const { project, commit } = await ownCommit(deps, ref, sha);
  const parent = commit.parents[0];
  const files = parent === undefined ? [] : await deps.git.changes(project.path, parent, commit.sha);
  return { commit, files };
}

/** A commit of the run, not just any of the repository. */
async function ownCommit(deps: Deps, ref: string, sha: string): Promise<{ project: ProjectRow; commit: Commit }> {
  const range = await rangeOf(deps, ref, 'base');
  const commits = range.from === range.to ? [] : await deps.git.commits(range.project.path, range.from, range.to, MAX_COMMITS);
  const found = commits.filter((commit) => commit.sha.startsWith(sha));
  const [commit] = found;
  if (commit === undefined || found.length > 1) throw new GluonError('commit_not_found', { sha });
  return { project: range.project, commit };
}

/** A run with more commits than this is read commit by commit through git itself. */
const MAX_COMMITS = 5_000;

export async function listFiles(deps: Deps, ref: string, compare: Compare): Promise<{ from: string; to: string; items: FileChange[] }> {
  const { project, from, to } = await rangeOf(deps, ref, compare);
  return { from, to, items: from === to ? [] : await deps.git.changes(project.path, from, to) };
}

export interface DiffRequest {
  run: string;
  compare: Compare;
  path?: string | undefined;
  commit?: string | undefined;
  offset: number;
  limit: number;
}

export async function readDiff(deps: Deps, request: DiffRequest): Promise<Diff> {
  const window = { offset: request.offset, limit: request.limit, ...(request.path === undefined ? {} : { path: request.path }) };
  if (request.commit !== undefined) {
    const { project, commit } = await ownCommit(deps, request.run, request.commit);
    return deps.git.diff(project.path, commit.parents[0] ?? commit.sha, commit.sha, window);
  }
  const { project, from, to } = await rangeOf(deps, request.run, request.compare);
  return deps.git.diff(project.path, from, to, window);
}

/** References that Gluon keeps in a project: they hold the objects of runs alive and are its only writing there beside run branches. */
import { GluonError } from '../../../contract/errors.ts';
import { failureOf } from './git-exec.ts';
import type { GitContext, Repository } from './repository.ts';

export type RunRefKind = 'base' | 'runs' | 'rescue';

/** Throws for an id that is not one of ours: it becomes part of a reference name. */
export function runRef(kind: RunRefKind, runId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(runId)) throw new GluonError('run_not_found', { run: runId });
  return `refs/gluon/${kind}/${runId}`;
}

export interface RefChange {
  ref: string;
  /** Null deletes. */
  to: string | null;
  /** What it must be now; null: it must not exist; undefined: whatever it is. */
  from?: string | null;
}

/** All or nothing. False when a reference was not what it had to be, or its name collides with another one. */
export async function changeRefs(
  context: GitContext,
  repository: Repository,
  changes: readonly RefChange[],
  reason: string,
): Promise<boolean> {
  const zero = '0'.repeat(repository.format === 'sha256' ? 64 : 40);
  const lines = changes.map(({ ref, to, from }) => {
    if (to === null) return `delete ${ref}\0${from ?? ''}\0`;
    return `update ${ref}\0${to}\0${from === undefined ? '' : (from ?? zero)}\0`;
  });
  const call = {
    ...repository.refs,
    writes: true,
    args: ['update-ref', '--create-reflog', '-m', reason, '--stdin', '-z'],
    input: `start\0${lines.join('')}prepare\0commit\0`,
    env: { GIT_COMMITTER_NAME: 'Gluon', GIT_COMMITTER_EMAIL: 'gluon@localhost' },
  };
  const end = await context.git.end(call);
  if (end.exitCode === 0) return true;
  if (/but expected|reference already exists|unable to resolve reference|is at |cannot process|exists; cannot create/.test(end.stderr))
    return false;
  throw failureOf(call, end.stderr);
}

/** Safe to call again. */
export async function deleteRunRefs(context: GitContext, projectPath: string, runId: string, kinds: readonly RunRefKind[]): Promise<void> {
  const repository = await context.open(projectPath);
  await context.lock(repository.commonDir, async () => {
    const there = await refsBelow(context, repository, 'refs/gluon');
    const names = new Set(kinds.map((kind) => runRef(kind, runId)));
    const changes = there.filter((found) => names.has(found.ref)).map(({ ref }) => ({ ref, to: null }));
    if (changes.length > 0) await changeRefs(context, repository, changes, 'gluon: no longer needed');
  });
}

/** Runs whose base is held and nothing else: no work of theirs came in and none was rescued. */
export async function heldBases(context: GitContext, projectPath: string): Promise<string[]> {
  const repository = await context.open(projectPath);
  const found = (await refsBelow(context, repository, 'refs/gluon')).map(({ ref }) => ref.split('/').slice(2));
  const withWork = new Set(found.filter(([kind]) => kind !== 'base').map(([, runId]) => runId));
  return found.flatMap(([kind, runId]) => (kind === 'base' && runId !== undefined && !withWork.has(runId) ? [runId] : []));
}

export async function refsBelow(
  context: GitContext,
  repository: Repository,
  prefix: string,
): Promise<{ ref: string; commit: string; at: number }[]> {
  const text = await context.git.text({
    ...repository.refs,
    args: ['for-each-ref', '--format=%(refname) %(objectname) %(committerdate:unix)', prefix],
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [ref = '', commit = '', at = '0'] = line.split(' ');
      return { ref, commit, at: Number(at) };
    });
}

export async function rescueRefs(context: GitContext, projectPath: string): Promise<{ runId: string; commit: string; at: string }[]> {
  const repository = await context.open(projectPath);
  const found = await refsBelow(context, repository, 'refs/gluon/rescue');
  return found.map(({ ref, commit, at }) => ({
    runId: ref.slice('refs/gluon/rescue/'.length),
    commit,
    at: new Date(at * 1000).toISOString(),
  }));
}

/** From names to commits. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import { headInFiles, refInFiles } from './refs-in-files.ts';
import type { GitContext, Repository } from './repository.ts';

const OBJECT_NAME = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function isObjectName(text: string): boolean {
  return OBJECT_NAME.test(text);
}

/** Commit of a branch, tag or commit name in the project, or null. */
export async function findCommit(context: GitContext, repository: Repository, name: string): Promise<string | null> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose
  if (name === '' || name.length > 1000 || name.startsWith('-') || /[\u0000-\u001f\u007f]/.test(name)) return null;
  const ofBranch = await commitOfBranch(repository, name);
  if (ofBranch !== null && context.seen.has(repository, ofBranch)) return ofBranch;
  const end = await context.git.end({
    ...repository.checkout,
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
  });
  const sha = end.stdout.toString('utf8').trim();
  if (end.exitCode !== 0 || !isObjectName(sha)) return null;
  if (sha === ofBranch) context.seen.add(repository, sha);
  return sha;
}

/** Not the name of a branch alone: git looks below `refs/` before it looks among branches. */
const ALSO_ELSEWHERE = /^(?:stash$|(?:heads|tags|remotes|notes|gluon)\/)/;

/** Value of the branch of that name, where the name can mean nothing else; else null. */
async function commitOfBranch(repository: Repository, name: string): Promise<string | null> {
  if (name === 'HEAD') {
    const head = await headInFiles(repository);
    return head?.value == null ? null : ((await refInFiles(repository, head.value))?.value ?? null);
  }
  if (isObjectName(name) || ALSO_ELSEWHERE.test(name)) return null;
  const value = (await refInFiles(repository, `refs/heads/${name}`))?.value ?? null;
  if (value === null || (await refInFiles(repository, `refs/tags/${name}`))?.value !== null) return null;
  const before = [join(repository.gitDir, name), join(repository.commonDir, 'refs', name)];
  return (await Promise.all(before.map(isThere))).includes(true) ? null : value;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    // What cannot be seen is not ruled out.
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

/** Throws `base_not_found`. */
export async function resolveCommit(context: GitContext, projectPath: string, name: string, projectName: string): Promise<string> {
  const repository = await context.open(projectPath);
  const commit = await findCommit(context, repository, name);
  if (commit === null) throw new GluonError('base_not_found', { base: name, project: projectName });
  return commit;
}

/** Refuses anything that is not a full object name before it reaches git. Throws `commit_not_found`. */
export function checkedSha(sha: string): string {
  if (!isObjectName(sha)) throw new GluonError('commit_not_found', { sha });
  return sha;
}

/** Value of a reference, or null. */
export async function refValue(context: GitContext, repository: Repository, ref: string): Promise<string | null> {
  const known = await refInFiles(repository, ref);
  if (known !== null) return known.value;
  const end = await context.git.end({ ...repository.refs, args: ['rev-parse', '--verify', '--quiet', '--end-of-options', ref] });
  const sha = end.stdout.toString('utf8').trim();
  return end.exitCode === 0 && isObjectName(sha) ? sha : null;
}

export async function isAncestor(context: GitContext, repository: Repository, ancestor: string, descendant: string): Promise<boolean> {
  const end = await context.git.end({
    ...repository.content,
    args: ['merge-base', '--is-ancestor', checkedSha(ancestor), checkedSha(descendant)],
  });
  if (end.exitCode === 0 || end.exitCode === 1) return end.exitCode === 0;
  throw new GluonError('commit_not_found', { sha: descendant });
}

export async function mergeBase(context: GitContext, repository: Repository, a: string, b: string): Promise<string | null> {
  const end = await context.git.end({ ...repository.content, args: ['merge-base', checkedSha(a), checkedSha(b)] });
  if (end.exitCode === 1) return null;
  if (end.exitCode !== 0) throw new GluonError('commit_not_found', { sha: b });
  return end.stdout.toString('utf8').trim();
}

/** What a project must be before Gluon works with it. */
import { realpath, stat } from 'node:fs/promises';
import { GluonError } from '../../../contract/errors.ts';
import { withoutCredentials } from '../../../core/git/remote-url.ts';
import type { RepositoryFacts } from '../../../ports/git.ts';
import { headInFiles } from './refs-in-files.ts';
import type { GitContext, Repository } from './repository.ts';

/** Throws the catalogue's error for what Gluon does not work with: no repository, empty, bare, shallow, partial. */
export async function inspect(context: GitContext, path: string): Promise<RepositoryFacts> {
  const top = await findTop(context, path);
  const repository = await context.open(top);
  await refuseUnsuitable(context, repository);
  const head = await context.git.end({ ...repository.checkout, args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] });
  if (head.exitCode !== 0) throw new GluonError('repository_empty', { path: top });
  const commit = head.stdout.toString('utf8').trim();
  const branch = await currentBranch(context, repository);
  return {
    path: top,
    gitDir: repository.commonDir,
    branch,
    head: commit,
    detached: branch === null,
    remote: await firstRemote(context, repository),
    hasSubmodules: (await context.git.bytes({ ...repository.content, args: ['ls-tree', '-z', commit, '--', '.gitmodules'] })).length > 0,
    usesLfs: await attributesName(context, repository, commit, 'filter=lfs'),
  };
}

async function findTop(context: GitContext, path: string): Promise<string> {
  const folder = await stat(path).catch(() => null);
  if (folder === null || !folder.isDirectory()) throw new GluonError('path_not_found', { path });
  // The person's rules, so that their `safe.directory` counts: nothing in a repository is run by this question.
  const end = await context.git.end({ cwd: path, rules: 'personal', args: ['rev-parse', '--path-format=absolute', '--show-toplevel'] });
  if (end.exitCode === 0) {
    const top = end.stdout.toString('utf8').replace(/\n$/, '');
    if (/[\n"]/.test(top)) throw new GluonError('repository_unsafe', { path, why: 'its path has a line feed or a quote' });
    return realpath(top);
  }
  if (/safe\.bareRepository|must be run in a work tree/.test(end.stderr)) throw new GluonError('repository_bare', { path });
  if (/dubious ownership/.test(end.stderr)) {
    throw new GluonError('repository_unsafe', { path, why: 'it belongs to another user, and safe.directory of your git does not name it' });
  }
  throw new GluonError('not_a_repository', { path });
}

async function refuseUnsuitable(context: GitContext, repository: Repository): Promise<void> {
  const path = repository.top;
  const facts = await context.git.text({ ...repository.refs, args: ['rev-parse', '--is-bare-repository', '--is-shallow-repository'] });
  const [, shallow] = facts.split('\n');
  if (shallow === 'true') throw new GluonError('repository_shallow', { path });
  const promisor = await context.git.end({
    ...repository.refs,
    args: ['config', '--get-regexp', '^(extensions\\.partialclone|remote\\..*\\.promisor)$'],
  });
  if (promisor.exitCode === 0) throw new GluonError('repository_partial', { path });
}

/** Null when HEAD is detached. Throws `repository_missing`. */
export async function checkedOutBranch(context: GitContext, projectPath: string): Promise<string | null> {
  return currentBranch(context, await context.open(projectPath));
}

/** Null when HEAD is detached. */
export async function currentBranch(context: GitContext, repository: Repository): Promise<string | null> {
  const known = await headInFiles(repository);
  if (known !== null) return known.value?.slice('refs/heads/'.length) ?? null;
  const end = await context.git.end({ ...repository.checkout, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  const name = end.stdout.toString('utf8').trim();
  return end.exitCode === 0 && name.startsWith('refs/heads/') ? name.slice('refs/heads/'.length) : null;
}

/** Address of `origin`, else of the first remote, without credentials; null when there is none. */
async function firstRemote(context: GitContext, repository: Repository): Promise<string | null> {
  const names = (await context.git.text({ ...repository.refs, args: ['remote'] })).split('\n').filter((name) => name !== '');
  const name = names.includes('origin') ? 'origin' : names[0];
  if (name === undefined) return null;
  const end = await context.git.end({ ...repository.refs, args: ['config', '--get', `remote.${name}.url`] });
  return end.exitCode === 0 ? withoutCredentials(end.stdout.toString('utf8').trim()) : null;
}

/** Whether any .gitattributes file of that tree contains the text. */
export async function attributesName(context: GitContext, repository: Repository, commit: string, text: string): Promise<boolean> {
  const end = await context.git.end({
    ...repository.content,
    args: ['grep', '--quiet', '--no-textconv', '--text', '--fixed-strings', '-e', text, commit, '--', ':(top,glob,icase)**/.gitattributes'],
  });
  if (end.exitCode === 0) return true;
  if (end.exitCode === 1) return false;
  // Unreadable counts as named: the callers then take the careful way.
  return true;
}

/** A trusted person's own traffic with their remote: their credentials and ssh, our limits. Never forced, never recursive, no hooks. */
import { basename } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import { isAllowedRemoteUrl, withoutCredentials } from '../../../core/git/remote-url.ts';
import { isAncestor, refValue } from './commit-names.ts';
import { failureOf } from './git-exec.ts';
import { currentBranch } from './inspect.ts';
import type { GitContext, Repository } from './repository.ts';
import type { ReadPerson } from './working-copy.ts';

const NETWORK_TIMEOUT_MS = 300_000;

/** The remote of a branch, else `origin`, else the only one. */
export async function remoteOf(
  context: GitContext,
  repository: Repository,
  branch: string | null,
): Promise<{ name: string; url: string } | null> {
  const names = (await context.git.text({ ...repository.refs, args: ['remote'] }))
    .split('\n')
    .filter((name) => /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/.test(name));
  const own = branch === null ? null : await context.git.end({ ...repository.refs, args: ['config', '--get', `branch.${branch}.remote`] });
  const configured = own?.stdout.toString('utf8').trim() ?? '';
  const name = [configured, 'origin', names.length === 1 ? names[0] : undefined].find(
    (candidate) => candidate !== undefined && names.includes(candidate),
  );
  if (name === undefined) return null;
  // With the person's rules: their `insteadOf` decides where it really goes.
  const end = await context.git.end({ ...repository.refs, rules: 'personal', args: ['remote', 'get-url', name] });
  return end.exitCode === 0 ? { name, url: end.stdout.toString('utf8').trim() } : null;
}

async function needRemote(
  context: GitContext,
  repository: Repository,
  branch: string | null,
  projectName: string,
): Promise<{ name: string; url: string }> {
  const remote = await remoteOf(context, repository, branch);
  if (remote === null) throw new GluonError('no_remote', { project: projectName });
  if (!isAllowedRemoteUrl(remote.url)) {
    throw new GluonError('git_failed', {
      command: 'fetch',
      why: `the address of "${remote.name}" is of a kind that is not used here; https, ssh and file are`,
    });
  }
  return remote;
}

/** Throws `no_remote`, `git_failed`. */
export async function fetch(context: GitContext, projectPath: string, projectName = basename(projectPath)): Promise<void> {
  const repository = await context.open(projectPath);
  const remote = await needRemote(context, repository, await currentBranch(context, repository), projectName);
  await context.lock(repository.commonDir, () =>
    context.git.bytes({
      ...repository.refs,
      rules: 'personal',
      writes: true,
      settings: ['fetch.fsckObjects=true'],
      args: [
        'fetch',
        '--quiet',
        '--no-recurse-submodules',
        '--no-auto-maintenance',
        '--no-write-fetch-head',
        '--end-of-options',
        remote.name,
      ],
      timeoutMs: NETWORK_TIMEOUT_MS,
    }),
  );
}

/** Fetches, then moves the checked-out branch and its files forward. Throws `checkout_dirty`, `git_diverged`, `no_remote`. */
export async function sync(context: GitContext, readPerson: ReadPerson, projectPath: string, projectName: string): Promise<void> {
  const repository = await context.open(projectPath);
  const branch = await currentBranch(context, repository);
  const remote = await needRemote(context, repository, branch, projectName);
  await fetch(context, projectPath, projectName);
  if (branch === null) throw new GluonError('git_failed', { command: 'merge', why: 'the checkout is on no branch' });
  const head = await refValue(context, repository, `refs/heads/${branch}`);
  const upstream =
    (await refValue(context, repository, `refs/heads/${branch}@{upstream}`)) ??
    (await refValue(context, repository, `refs/remotes/${remote.name}/${branch}`));
  if (head === null || upstream === null || (await isAncestor(context, repository, upstream, head))) return;
  if (!(await isAncestor(context, repository, head, upstream))) throw new GluonError('git_diverged', { branch });
  const call = { ...repository.checkout, cwd: repository.top, settings: (await readPerson(repository)).settings };
  const dirty = await context.git.bytes({
    ...call,
    args: ['status', '--porcelain=v1', '-z', '--untracked-files=no', '--ignore-submodules=all'],
  });
  if (dirty.length > 0) throw new GluonError('checkout_dirty', { project: projectName });
  // The same that the person's own pull would do, filters of their own configuration included; hooks off.
  await context.lock(repository.commonDir, () =>
    context.git.bytes({
      ...call,
      rules: 'personal',
      writes: true,
      args: ['merge', '--quiet', '--ff-only', '--no-stat', upstream],
      timeoutMs: NETWORK_TIMEOUT_MS,
    }),
  );
}

/** One branch to the same name. Throws `branch_not_found`, `git_diverged` when the remote has what we have not, `no_remote`. */
export async function push(
  context: GitContext,
  projectPath: string,
  branch: string,
  projectName: string,
): Promise<{ branch: string; remote: string; commit: string }> {
  const repository = await context.open(projectPath);
  const ref = `refs/heads/${branch}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the purpose
  const commit = /[\u0000-\u0020\u007f:*?^~\\]/.test(branch) ? null : await refValue(context, repository, ref);
  if (commit === null) throw new GluonError('branch_not_found', { name: branch });
  const remote = await needRemote(context, repository, branch, projectName);
  const call = {
    ...repository.refs,
    rules: 'personal' as const,
    writes: true,
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      '--no-follow-tags',
      '--no-signed',
      '--recurse-submodules=no',
      '--end-of-options',
      remote.name,
      `${ref}:${ref}`,
    ],
    timeoutMs: NETWORK_TIMEOUT_MS,
  };
  const end = await context.lock(repository.commonDir, () => context.git.end(call));
  if (end.exitCode === 0) return { branch, remote: withoutCredentials(remote.url), commit };
  if (/^!.*\[(?:rejected|remote rejected)\] \((?:non-fast-forward|fetch first|stale info)\)/m.test(end.stdout.toString('utf8'))) {
    throw new GluonError('git_diverged', { branch });
  }
  throw failureOf(call, end.stderr);
}

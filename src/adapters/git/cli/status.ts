/** State of the person's checkout, looked at without taking locks. */

import { withoutCredentials } from '../../../core/git/remote-url.ts';
import { remoteOf } from './remote.ts';
import type { GitContext } from './repository.ts';
import type { ReadPerson } from './working-copy.ts';

export interface Status {
  branch: string | null;
  head: string | null;
  detached: boolean;
  remote: string | null;
  upstream: string | null;
  ahead: number | null;
  behind: number | null;
  uncommitted: number;
}

/** `remote` is the address without credentials; ahead and behind are against the last fetch. */
export async function status(context: GitContext, readPerson: ReadPerson, projectPath: string): Promise<Status> {
  const repository = await context.open(projectPath);
  const records = await context.git.records({
    ...repository.checkout,
    settings: (await readPerson(repository)).settings,
    cwd: repository.top,
    args: ['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=normal', '--ignore-submodules=all', '--no-renames'],
    timeoutMs: 120_000,
  });
  const lines = records.map((record) => record.toString('utf8'));
  const header = (name: string) => lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? null;
  const head = header('oid');
  const branch = header('head');
  const counts = /^\+(\d+) -(\d+)$/.exec(header('ab') ?? '');
  const detached = branch === '(detached)';
  const remote = await remoteOf(context, repository, detached ? null : branch);
  return {
    branch: detached ? null : branch,
    head: head === '(initial)' ? null : head,
    detached,
    remote: remote === null ? null : withoutCredentials(remote.url),
    upstream: header('upstream'),
    ahead: counts === null ? null : Number(counts[1]),
    behind: counts === null ? null : Number(counts[2]),
    uncommitted: lines.filter((line) => !line.startsWith('# ')).length,
  };
}

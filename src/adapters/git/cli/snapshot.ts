/** The person's uncommitted state as a commit, made with an index of its own: their index and files are only read. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { leftOutOfCommits } from '../../../core/git/secret-paths.ts';
import type { GitScope } from './git-exec.ts';
import { identityEnv } from './person-settings.ts';
import type { GitContext } from './repository.ts';
import type { ReadPerson } from './working-copy.ts';

/** Tracked changes and new files that are neither ignored nor likely secrets; the head itself when there are none. */
export async function snapshotUncommitted(context: GitContext, readPerson: ReadPerson, projectPath: string): Promise<string> {
  const repository = await context.open(projectPath);
  const person = await readPerson(repository);
  const head = await context.git.text({ ...repository.checkout, args: ['rev-parse', '--verify', 'HEAD^{commit}'] });
  const folder = await mkdtemp(join(context.stateFolder, 'index-'));
  try {
    const indexFile = join(folder, 'index');
    // Without an index everything counts as new.
    await copyFile(join(repository.gitDir, 'index'), indexFile).catch(() => undefined);
    const scope: GitScope = { ...repository.checkout, indexFile };
    const call = { ...scope, cwd: repository.top, settings: person.settings, timeoutMs: 300_000 };
    await context.git.end({ ...call, args: ['update-index', '-q', '--refresh'] });
    const differing = ['diff-files', '-z', '--name-only', '--ignore-submodules=all'];
    const tracked = await context.git.records({ ...call, args: [...differing, '--diff-filter=d'] });
    const deleted = await context.git.bytes({ ...call, args: [...differing, '--diff-filter=D'] });
    const fresh = await context.git.records({ ...call, args: ['ls-files', '-z', '--others', '--exclude-standard'] });
    const secret = leftOutOfCommits([]);
    // A trailing slash is a repository within: not part of this one.
    const wanted = [...tracked, ...fresh.filter((path) => path.at(-1) !== 0x2f && !secret(path.toString('utf8')))];
    const input = Buffer.concat(wanted.flatMap((path) => [path, Buffer.from([0])]));
    await context.git.bytes({ ...call, writes: true, args: ['update-index', '--force-remove', '-z', '--stdin'], input: deleted });
    await context.git.bytes({ ...call, writes: true, args: ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], input });
    const tree = await context.git.text({ ...call, writes: true, args: ['write-tree'] });
    if (tree === (await context.git.text({ ...repository.content, args: ['rev-parse', `${head}^{tree}`] }))) return head;
    await context.fault('snapshot.before-commit');
    return await context.git.text({
      ...repository.content,
      writes: true,
      args: ['commit-tree', '-p', head, '-m', 'Uncommitted changes, as they were when the run was submitted', tree],
      env: identityEnv(person),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

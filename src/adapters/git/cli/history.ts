/** Commits, read from the object store. */
import { GluonError } from '../../../contract/errors.ts';
import type { Commit } from '../../../contract/git-resources.ts';
import { checkedSha } from './commit-names.ts';
import type { GitContext, Repository } from './repository.ts';

const FIELDS = ['%H', '%P', '%an', '%ae', '%ct', '%s', '%b'];
/** An agent may write a message of any size; this much of each part is shown. */
const MAX_TEXT = 20_000;

/** Commits reachable from `to` and not from `from`, newest first, with the size of each change against its first parent. */
export async function commits(context: GitContext, projectPath: string, from: string, to: string, limit: number): Promise<Commit[]> {
  const repository = await context.open(projectPath);
  const found = await readLog(context, repository, [`--max-count=${limit}`, checkedSha(to), `^${checkedSha(from)}`]);
  return withSizes(context, repository, found);
}

/** Commits reachable from `to` and not from `from`. */
export async function countCommits(context: GitContext, projectPath: string, from: string, to: string): Promise<number> {
  const repository = await context.open(projectPath);
  return Number(await context.git.text({ ...repository.content, args: ['rev-list', '--count', checkedSha(to), `^${checkedSha(from)}`] }));
}

/** Throws `commit_not_found`. */
export async function commit(context: GitContext, projectPath: string, sha: string): Promise<Commit> {
  const repository = await context.open(projectPath);
  const end = await context.git.end({ ...repository.content, args: ['cat-file', '-t', checkedSha(sha)] });
  if (end.stdout.toString('utf8').trim() !== 'commit') throw new GluonError('commit_not_found', { sha });
  const [found] = await withSizes(context, repository, await readLog(context, repository, ['--max-count=1', sha]));
  if (found === undefined) throw new GluonError('commit_not_found', { sha });
  return found;
}

async function readLog(context: GitContext, repository: Repository, range: readonly string[]): Promise<Commit[]> {
  const records = await context.git.records({
    ...repository.content,
    args: [
      'log',
      '-z',
      '--no-show-signature',
      '--no-mailmap',
      '--no-decorate',
      '--encoding=UTF-8',
      `--format=${FIELDS.join('%x00')}`,
      ...range,
    ],
  });
  const found: Commit[] = [];
  // The last field of a commit may be empty and the last record of all then missing.
  for (let at = 0; at + FIELDS.length - 1 <= records.length; at += FIELDS.length) {
    const [sha = '', parents = '', author = '', email = '', seconds = '0', subject = '', body = ''] = records
      .slice(at, at + FIELDS.length)
      .map((record) => record.toString('utf8').slice(0, MAX_TEXT));
    if (sha === '') continue;
    found.push({
      sha,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      author,
      email,
      at: isoTime(seconds),
      subject,
      body: body.trimEnd(),
    });
  }
  return found;
}

/** A commit can carry any number as its time; what no calendar holds becomes the epoch. */
function isoTime(seconds: string): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

async function withSizes(context: GitContext, repository: Repository, found: readonly Commit[]): Promise<Commit[]> {
  if (found.length === 0) return [];
  const text = await context.git.text({
    ...repository.content,
    args: ['diff-tree', '--stdin', '--root', '-r', '-m', '--first-parent', '--no-ext-diff', '--no-textconv', '--shortstat'],
    input: `${found.map(({ sha }) => sha).join('\n')}\n`,
    timeoutMs: 120_000,
  });
  const sizes = new Map<string, Pick<Commit, 'files_changed' | 'insertions' | 'deletions'>>();
  let current = '';
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) current = line;
    const files = /(\d+) files? changed/.exec(line)?.[1];
    if (files === undefined) continue;
    const number = (pattern: RegExp) => Number(pattern.exec(line)?.[1] ?? 0);
    sizes.set(current, { files_changed: Number(files), insertions: number(/(\d+) insertion/), deletions: number(/(\d+) deletion/) });
  }
  return found.map((one) => ({ ...one, ...(sizes.get(one.sha) ?? { files_changed: 0, insertions: 0, deletions: 0 }) }));
}

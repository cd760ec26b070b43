/** Which files differ between two commits, from the object store. */

import type { FileChange } from '../../../contract/git-resources.ts';
import { pathToText } from '../../../core/git/path-text.ts';
import { checkedSha } from './commit-names.ts';
import { splitNul } from './git-exec.ts';
import type { GitContext } from './repository.ts';

export interface ChangeRecord extends FileChange {
  /** As bytes: names need not be UTF-8. */
  bytes: Buffer;
  oldBytes: Buffer | null;
}

/** In the order of paths. Renames and copies are found by content; submodules are named, never entered. */
export async function changes(context: GitContext, projectPath: string, from: string, to: string): Promise<FileChange[]> {
  return (await changeRecords(context, projectPath, from, to, ['--numstat'])).map(({ bytes: _bytes, oldBytes: _old, ...change }) => change);
}

/** Without `--numstat` in `extra` no file is read and the counts are null. */
export async function changeRecords(
  context: GitContext,
  projectPath: string,
  from: string,
  to: string,
  extra: string[],
): Promise<ChangeRecord[]> {
  const repository = await context.open(projectPath);
  const output = await context.git.bytes({
    ...repository.content,
    args: [
      'diff-tree',
      '-r',
      '-z',
      '-M',
      '--no-ext-diff',
      '--no-textconv',
      '--raw',
      ...extra,
      '--end-of-options',
      checkedSha(from),
      checkedSha(to),
    ],
    timeoutMs: 120_000,
  });
  return parseChanges(splitNul(output));
}

/** Raw records (`:modes names status`, path, new path when renamed), then counts (`added deleted path`, or both paths apart). */
export function parseChanges(records: readonly Buffer[]): ChangeRecord[] {
  const found = new Map<string, ChangeRecord>();
  const take = records[Symbol.iterator]();
  const next = (): Buffer => take.next().value ?? Buffer.alloc(0);
  for (let record = take.next(); !record.done; record = take.next()) {
    const text = record.value.toString('latin1');
    if (text.startsWith(':')) {
      const [oldMode = '', newMode = '', oldSha = '', newSha = '', status = ''] = text.slice(1).split(' ');
      const first = next();
      const moved = status.startsWith('R') || status.startsWith('C');
      const bytes = moved ? next() : first;
      found.set(bytes.toString('latin1'), {
        path: pathToText(bytes),
        old_path: moved ? pathToText(first) : null,
        bytes,
        oldBytes: moved ? first : null,
        change: kindOf(status, oldMode, newMode, oldSha === newSha),
        binary: false,
        insertions: null,
        deletions: null,
        old_mode: oldMode === '000000' ? null : oldMode,
        new_mode: newMode === '000000' ? null : newMode,
      });
      continue;
    }
    const [added = '-', deleted = '-', ...rest] = text.split('\t');
    let path = rest.join('\t');
    if (path === '') {
      next();
      path = next().toString('latin1');
    }
    const change = found.get(path);
    if (change === undefined) continue;
    change.binary = added === '-';
    change.insertions = added === '-' ? null : Number(added);
    change.deletions = deleted === '-' ? null : Number(deleted);
  }
  return [...found.values()];
}

function kindOf(status: string, oldMode: string, newMode: string, sameContent: boolean): FileChange['change'] {
  if (oldMode === '160000' || newMode === '160000') return 'submodule';
  switch (status[0]) {
    case 'A':
      return 'added';
    case 'D':
      return 'deleted';
    case 'R':
      return 'renamed';
    case 'C':
      return 'copied';
    case 'T':
      return 'type';
    default:
      return sameContent && oldMode !== newMode ? 'mode' : 'modified';
  }
}

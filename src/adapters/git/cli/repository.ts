/** One project's repository as the rest of this adapter uses it: which scope of git sees what. */
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, FaultPoint, Log } from '../../../ports/system.ts';
import type { GitExec, GitScope } from './git-exec.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type RepositoryLock, repositoryLock } from './repository-lock.ts';

export type ObjectFormat = 'sha1' | 'sha256';

export interface Repository extends Layout {
  format: ObjectFormat;
  /** References lie in files and `packed-refs`, not in another store. */
  refsInFiles: boolean;
  /**
   * Content: an empty git dir of our own over the project's objects. No configuration, attribute, hook, replacement or reference
   * of the project takes part, so diff, log and merge run no program whatever was committed.
   */
  content: GitScope;
  /** References of the project; hooks off. */
  refs: GitScope;
  /** The person's checkout, with its own index. */
  checkout: GitScope;
}

/** What every part of the adapter is given. */
export interface GitContext {
  git: GitExec;
  clock: Clock;
  log: Log;
  lock: RepositoryLock;
  seen: SeenCommits;
  /** Opens a project; throws `repository_missing`. */
  open(projectPath: string): Promise<Repository>;
  /** Folder of this adapter below the home, writable by nobody else. */
  stateFolder: string;
  fault: FaultPoint;
}

/** Names that git found to be commits: as long as a branch has one, it does not go away. */
export interface SeenCommits {
  has(repository: Layout, name: string): boolean;
  add(repository: Layout, name: string): void;
}

const MAX_SEEN = 1_000;

function seenCommits(): SeenCommits {
  const known = new Set<string>();
  const key = ({ objects }: Layout, name: string): string => `${name} ${objects}`;
  return {
    has: (repository, name) => known.has(key(repository, name)),
    add(repository, name) {
      if (known.size >= MAX_SEEN) known.clear();
      known.add(key(repository, name));
    },
  };
}

export function gitContext(options: { git: GitExec; clock: Clock; log: Log; stateFolder: string; fault: FaultPoint }): GitContext {
  const neutral = new Map<ObjectFormat, Promise<string>>();
  const neutralDir = (format: ObjectFormat) => {
    const known = neutral.get(format) ?? makeNeutral(options.stateFolder, format);
    neutral.set(format, known);
    // A failure (full disk) must not be remembered: the next call tries again.
    known.catch(() => neutral.delete(format));
    return known;
  };
  return {
    ...options,
    lock: repositoryLock(),
    seen: seenCommits(),
    open: async (projectPath) => {
      const layout = await layoutOf(projectPath);
      const refs: GitScope = { gitDir: layout.commonDir };
      const config = await readFile(join(layout.commonDir, 'config'), 'utf8');
      const format = objectFormat(config);
      return {
        ...layout,
        format,
        refsInFiles: !/refstorage/i.test(config),
        refs,
        content: { gitDir: await neutralDir(format), objects: { write: layout.objects } },
        checkout: { gitDir: layout.gitDir, workTree: layout.top },
      };
    },
  };
}

/**
 * The hash of a repository is fixed when it is made and stands in its configuration file as `objectformat`; reading the file saves a
 * process on every call. A wrong guess cannot do harm: git refuses names of the other length.
 */
function objectFormat(config: string): ObjectFormat {
  return /^[ \t]*objectformat[ \t]*=[ \t]*"?sha256"?[ \t]*$/im.test(config) ? 'sha256' : 'sha1';
}

async function makeNeutral(stateFolder: string, format: ObjectFormat): Promise<string> {
  const path = join(stateFolder, `content-${format}.git`);
  const extra = format === 'sha256' ? '[extensions]\n\tobjectFormat = sha256\n' : '';
  const files = {
    HEAD: 'ref: refs/heads/none\n',
    config: `[core]\n\trepositoryformatversion = ${format === 'sha256' ? 1 : 0}\n\tbare = true\n${extra}`,
  };
  if (await isWhole(path, files)) return path;
  // Not there, or half there after a power cut.
  await rm(path, { recursive: true, force: true });
  const building = `${path}.${process.pid}`;
  await mkdir(join(building, 'objects'), { recursive: true, mode: 0o700 });
  await mkdir(join(building, 'refs'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(building, name), content);
  try {
    await rename(building, path);
  } catch (error) {
    // Another process made it meanwhile: theirs is the same.
    await rm(building, { recursive: true, force: true });
    if (!(await isWhole(path, files))) throw error;
  }
  return path;
}

async function isWhole(path: string, files: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    await access(join(path, 'objects'));
    await access(join(path, 'refs'));
    for (const [name, content] of Object.entries(files)) if ((await readFile(join(path, name), 'utf8')) !== content) return false;
    return true;
  } catch {
    // Something of it is missing.
    return false;
  }
}

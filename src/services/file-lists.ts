/** Lists of files for completion. */
import { type PathList, pathList } from '../core/completion/rank-paths.ts';
import type { Git } from '../ports/git.ts';

/** A larger repository is completed by its first so many files. */
const MOST_FILES = 200_000;
const LISTS_KEPT = 4;

export interface FileLists {
  /** The files of a commit, which never change: read once, kept for the next letters that a person types. */
  of(projectPath: string, commit: string): Promise<PathList>;
}

export function fileLists(git: Pick<Git, 'listFiles'>): FileLists {
  const kept = new Map<string, Promise<PathList>>();
  return {
    of(projectPath, commit) {
      const key = `${projectPath}\0${commit}`;
      const list = kept.get(key) ?? git.listFiles(projectPath, commit, '', MOST_FILES).then(pathList);
      // Set again, it is the youngest.
      kept.delete(key);
      kept.set(key, list);
      for (const oldest of kept.keys()) if (kept.size > LISTS_KEPT) kept.delete(oldest);
      // What failed is tried again the next time.
      list.catch(() => kept.delete(key));
      return list;
    },
  };
}

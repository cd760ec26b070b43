/** One writer at a time per repository, within this process; locks of git itself stand between processes. */

export type RepositoryLock = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Work of the same key runs one after the other, in the order of asking; what it throws goes to its own caller only. */
export function repositoryLock(): RepositoryLock {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = tails.get(key) ?? Promise.resolve();
    // A failure of the work before belongs to its caller; the next in line starts all the same.
    const mine = before.catch(() => undefined).then(work);
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}

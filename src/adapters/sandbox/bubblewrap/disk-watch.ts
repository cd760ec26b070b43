/** Keeps the disk cap: what an attempt adds to its writable folders. There are no quotas for ordinary users, so it is measured. */
import { lstat, opendir, statfs } from 'node:fs/promises';
import type { Clock } from '../../../ports/system.ts';

const LOOK_EVERY_MS = 2_000;
/** A full count happens at least this often, and whenever the file system lost as much free space as the cap has left. */
const COUNT_EVERY_MS = 60_000;
/** Counting may take this share of the time: a big tree is counted less often. */
const COUNT_SHARE = 20;
/** So many files more than at the start exhaust inodes long before bytes. */
const MAX_NEW_ENTRIES = 1_000_000;
/** Counting stops here: a tree of that size is over the cap or was there before. */
const MAX_ENTRIES_COUNTED = 3_000_000;

export interface DiskWatch {
  stop(): void;
}

export function watchDisk(folders: readonly string[], maxBytes: number, clock: Clock, onExceeded: () => void): DiskWatch {
  let stopped = false;
  const watch = async (): Promise<void> => {
    const first = await count(folders, () => stopped);
    let lastBytes = first.bytes;
    let lastFree = await freeBytes(folders);
    let countAtMs = clock.monotonicMs();
    let restMs = 0;
    while (!stopped) {
      await clock.sleep(LOOK_EVERY_MS);
      const free = await freeBytes(folders);
      const sinceMs = clock.monotonicMs() - countAtMs;
      const couldBe = lastBytes - first.bytes + Math.max(0, lastFree - free);
      if (stopped || sinceMs < restMs || (couldBe < maxBytes && sinceMs < COUNT_EVERY_MS)) continue;
      const startMs = clock.monotonicMs();
      const now = await count(folders, () => stopped);
      countAtMs = clock.monotonicMs();
      restMs = (countAtMs - startMs) * COUNT_SHARE;
      [lastBytes, lastFree] = [now.bytes, free];
      if (!stopped && (now.bytes - first.bytes > maxBytes || now.entries - first.entries > MAX_NEW_ENTRIES)) {
        stopped = true;
        onExceeded();
      }
    }
  };
  // The watch ends when its folders are gone: the attempt is over then.
  watch().catch(() => {
    stopped = true;
  });
  return {
    stop: () => {
      stopped = true;
    },
  };
}

async function freeBytes(folders: readonly string[]): Promise<number> {
  const all = await Promise.all(folders.map((folder) => statfs(folder)));
  return Math.min(...all.map((facts) => facts.bavail * facts.bsize));
}

async function count(folders: readonly string[], cancelled: () => boolean): Promise<{ bytes: number; entries: number }> {
  const total = { bytes: 0, entries: 0 };
  const queue = [...folders];
  for (let folder = queue.pop(); folder !== undefined && !cancelled(); folder = queue.pop()) {
    if (total.entries > MAX_ENTRIES_COUNTED) break;
    try {
      for await (const entry of await opendir(folder, { bufferSize: 256 })) {
        const path = `${folder}/${entry.name}`;
        total.entries += 1;
        if (entry.isDirectory()) queue.push(path);
        else total.bytes += (await lstat(path)).blocks * 512;
      }
    } catch {
      // Removed while we looked, or made unreadable by its owner: what can be seen is counted.
    }
  }
  return total;
}

/** One server per home. The lock is the kernel's (through SQLite), so it dies with its holder; the file beside it only names the holder. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { GluonError } from '../../contract/errors.ts';

export interface HomeLock {
  release(): Promise<void>;
}

/** Throws `home_in_use` naming the holder. */
export async function lockHome(home: string): Promise<HomeLock> {
  const holderFile = join(home, 'lock.json');
  const database = new Database(join(home, 'lock.db'), { timeout: 0 });
  try {
    database.pragma('journal_mode = delete');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY'))
      throw new GluonError('home_in_use', { pid: await holder(holderFile), path: home });
    throw new GluonError('home_not_writable', { path: home, why: (error as Error).message }, { cause: error });
  }
  await writeFile(holderFile, JSON.stringify({ pid: process.pid }), { mode: 0o600 });
  return {
    async release() {
      await rm(holderFile, { force: true });
      if (!database.open) return;
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

async function holder(path: string): Promise<string | number> {
  try {
    const { pid } = JSON.parse(await readFile(path, 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? pid : 'unknown';
  } catch {
    // The holder has not written it yet: the lock itself is certain, the name is only a courtesy.
    return 'unknown';
  }
}

/** What SQLite's errors mean for us, and waiting for another process without blocking the event loop. */
import { GluonError, isGluonError } from '../../../contract/errors.ts';
import type { Clock } from '../../../ports/system.ts';

/** SQLite itself waits this long, synchronously: well below the 50 ms that the event loop may be held up. */
export const BUSY_TIMEOUT_MS = 10;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;

/** SQLite's result code, such as SQLITE_BUSY_SNAPSHOT; null for any other error. */
function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return error.code.startsWith('SQLITE_') ? error.code : null;
}

function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED') || code === 'SQLITE_PROTOCOL');
}

/** The error that callers get: expected failures as `GluonError`, bugs (such as a broken constraint) as they are. */
export function asStoreError(error: unknown, path: string): unknown {
  if (isGluonError(error)) return error;
  const code = sqliteCode(error);
  if (code === null) return asFileError(error, path);
  const why = error instanceof Error ? error.message : String(error);
  if (isBusy(error)) return new GluonError('database_busy', {}, { cause: error });
  if (code === 'SQLITE_FULL') return new GluonError('disk_full', { path }, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new GluonError('database_corrupt', { path, why }, { cause: error });
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return new GluonError('database_failed', { path, why: `${why} (${code})` }, { cause: error });
  }
  return error;
}

/** From opening the file, before SQLite sees it. */
function asFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ELOOP') return new GluonError('home_unsafe', { path, why: 'the database is a symbolic link' }, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') return new GluonError('disk_full', { path }, { cause: error });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EIO' || code === 'EISDIR' || code === 'EMFILE') {
    return new GluonError('database_failed', { path, why: code }, { cause: error });
  }
  return error;
}

export type Retry = <T>(work: () => T | Promise<T>) => Promise<T>;

/** Repeats work that met a lock of another process, for at most `patienceMs`; then it throws `database_busy`. */
export function retryWhileBusy(clock: Clock, path: string, patienceMs: number): Retry {
  return async (work) => {
    const deadline = clock.monotonicMs() + patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || clock.monotonicMs() >= deadline) throw asStoreError(error, path);
      }
      await clock.sleep(pauseMs);
    }
  };
}

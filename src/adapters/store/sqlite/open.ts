import { closeSync, constants, fchmodSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database, { type Database as RawDatabase } from 'better-sqlite3';
import { GluonError } from '../../../contract/errors.ts';
import type { Store } from '../../../ports/store.ts';
import type { Clock, Log } from '../../../ports/system.ts';
import { kyselyOn } from './connection.ts';
import { asStoreError, BUSY_TIMEOUT_MS, type Retry, retryWhileBusy } from './failures.ts';
import { networkFileSystem } from './filesystem.ts';
import { migrate, schemaVersionOf } from './migrate.ts';
import { MIGRATIONS, type NumberedMigration } from './migrations/all.ts';
import { readsOn } from './reads.ts';
import { around, transactionsOn } from './transaction.ts';
import { writesOn } from './writes.ts';

/** How long another process may hold the database before a caller hears of it. */
const PATIENCE_MS = 30_000;
/** The write-ahead log is cut back to this size after a burst. */
const WAL_BYTES = 64 * 1024 * 1024;

export interface SqliteStoreOptions {
  path: string;
  clock: Clock;
  log: Log;
  /** For tests; 30 s unless said. */
  patienceMs?: number;
  /** For tests of migrations; all unless said. */
  migrations?: readonly NumberedMigration[];
}

/**
 * Opens the database file, or makes it (mode 0600), checks it and brings its schema up to date. Throws `home_unsafe` on a network
 * file system, `database_corrupt`, `database_newer`, `database_busy`, `disk_full`, `database_failed`; none of them leaves a change.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, clock, log } = options;
  const retry = retryWhileBusy(clock, path, options.patienceMs ?? PATIENCE_MS);
  const opened: RawDatabase[] = [];
  const open = (): RawDatabase => {
    const raw = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    opened.push(raw);
    return raw;
  };
  try {
    await refuseNetwork(path);
    makePrivate(path);
    const writer = open();
    await retry(() => check(writer, path));
    await retry(() => configure(writer));
    const writing = kyselyOn(writer);
    const before = schemaVersionOf(writer);
    await retry(() => migrate(writer, writing, path, options.migrations ?? MIGRATIONS));
    const after = schemaVersionOf(writer);
    if (after !== before) log.info({ path, from: before, to: after }, 'database migrated');
    const reader = open();
    await retry(() => configure(reader));
    reader.pragma('query_only = on');
    return storeOn(writer, reader, kyselyOn(reader), writesOn(writing, clock), clock, retry);
  } catch (error) {
    for (const raw of opened) raw.close();
    throw asStoreError(error, path);
  }
}

function storeOn(
  writer: RawDatabase,
  reader: RawDatabase,
  reading: ReturnType<typeof kyselyOn>,
  writes: ReturnType<typeof writesOn>,
  clock: Clock,
  retry: Retry,
): Store {
  const transactions = transactionsOn(writer, writes, retry);
  const closed = (): Error => new GluonError('shutting_down');
  // A reader of its own sees only what was committed, and never waits for the transaction that is open.
  const reads = around(readsOn(reading, clock), (work) => (reader.open ? retry(work) : Promise.reject(closed())));
  return {
    ...reads,
    transaction: (work, options) => transactions.run(work, options),
    schemaVersion: () => retry(() => schemaVersionOf(reader)),
    integrityProblem: () => retry(() => integrityProblem(reader)),
    async close() {
      await transactions.close(closed);
      reader.close();
      writer.close();
    },
  };
}

async function refuseNetwork(path: string): Promise<void> {
  const folder = dirname(path);
  const network = await networkFileSystem(folder);
  if (network !== null) throw new GluonError('home_unsafe', { path: folder, why: `it lies on a network file system (${network})` });
}

/** SQLite gives its side files the mode of the main one. */
function makePrivate(path: string): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  fchmodSync(fd, 0o600);
  closeSync(fd);
}

/** Before anything is written: a damaged file is left as it is, for a restore. */
function check(raw: RawDatabase, path: string): void {
  const [problem] = raw.pragma('quick_check(1)') as { quick_check: string }[];
  if (problem?.quick_check !== 'ok') {
    throw new GluonError('database_corrupt', { path, why: problem?.quick_check ?? 'the check gave no answer' });
  }
}

function configure(raw: RawDatabase): void {
  raw.pragma('journal_mode = wal');
  raw.pragma('synchronous = full');
  raw.pragma('foreign_keys = on');
  raw.pragma(`journal_size_limit = ${WAL_BYTES}`);
}

/** Table by table, so that the event loop goes on between them. */
async function integrityProblem(raw: RawDatabase): Promise<string | null> {
  const tables = raw
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'run_search%' and name not like 'message_search%'`)
    .pluck()
    .all() as string[];
  for (const table of tables) {
    const [found] = raw.pragma(`integrity_check("${table}")`) as { integrity_check: string }[];
    if (found?.integrity_check !== 'ok') return `${table}: ${found?.integrity_check ?? 'the check gave no answer'}`;
    await nextTurn();
  }
  const [orphan] = raw.pragma('foreign_key_check') as { table: string; parent: string }[];
  return orphan === undefined ? null : `${orphan.table}: a row belongs to nothing in ${orphan.parent}`;
}

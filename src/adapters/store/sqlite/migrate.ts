/** Brings a database to the schema of this version: numbered steps, each in one transaction, after a copy of the file. */
import { chmodSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database as RawDatabase } from 'better-sqlite3';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { GluonError } from '../../../contract/errors.ts';
import type { Db } from './connection.ts';
import type { NumberedMigration } from './migrations/all.ts';

/** 0: an empty file. The number is in the file's header, so that it can be read before anything else is believed. */
export function schemaVersionOf(raw: RawDatabase): number {
  return Number(raw.pragma('user_version', { simple: true }));
}

/** Throws `database_newer`; writes nothing then. A file that is not empty is copied to `backups/` beside it before it is changed. */
export async function migrate(raw: RawDatabase, db: Db, path: string, migrations: readonly NumberedMigration[]): Promise<void> {
  const found = schemaVersionOf(raw);
  if (found > migrations.length) throw new GluonError('database_newer', { path, found, known: migrations.length });
  if (found === migrations.length) return;
  if (found > 0) await backUp(raw, path, found);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => asKysely(migrations) } });
  for (let version = found; version < migrations.length; version += 1) {
    const { error } = await migrator.migrateUp();
    if (error !== undefined) throw error;
  }
}

function asKysely(migrations: readonly NumberedMigration[]): Record<string, Migration> {
  return Object.fromEntries(
    migrations.map(({ name, statements }, index) => [
      name,
      {
        up: async (tx) => {
          for (const statement of statements) await sql.raw(statement).execute(tx);
          // In the same transaction: the version and what it stands for appear together or not at all.
          await sql.raw(`pragma user_version = ${index + 1}`).execute(tx);
        },
      },
    ]),
  );
}

async function backUp(raw: RawDatabase, path: string, version: number): Promise<void> {
  const folder = join(dirname(path), 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, `${basename(path)}.schema-${version}`);
  await raw.backup(copy);
  chmodSync(copy, 0o600);
}

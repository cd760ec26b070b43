/** One SQLite connection with Kysely on top. */
import type { Database as RawDatabase, Statement } from 'better-sqlite3';
import { Kysely, SqliteAdapter, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;

/** Compiled statements kept per connection: the port has about a hundred; patches make some more. */
const KEPT_STATEMENTS = 400;

/** SQLite can roll back changes of the schema; Kysely's own adapter does not say so and would migrate without a transaction. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class Dialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter();
  }
}

export function kyselyOn(raw: RawDatabase): Db {
  const kept = new Map<string, Statement>();
  const prepare = (text: string): SqliteStatement => {
    let statement = kept.get(text);
    if (statement === undefined) {
      statement = raw.prepare(text);
      const oldest = kept.size >= KEPT_STATEMENTS ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(text, statement);
    }
    return statement as unknown as SqliteStatement;
  };
  return new Kysely<Tables>({ dialect: new Dialect({ database: { close: () => raw.close(), prepare } }) });
}

import type { StoreReads, StoreWrites } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Db } from './connection.ts';

/** How long an answer stays good. */
const KEPT_MS = 24 * 3_600_000;

export function readIdempotent(db: Db, clock: Clock) {
  return {
    idempotent: async (key) =>
      (await db
        .selectFrom('idempotent_answers')
        .select(['fingerprint', 'status', 'body'])
        .where('key', '=', key)
        .where('at_ms', '>', clock.nowMs() - KEPT_MS)
        .executeTakeFirst()) ?? null,
  } satisfies Partial<StoreReads>;
}

export function writeIdempotent(db: Db, clock: Clock) {
  return {
    saveIdempotent: async (key, fingerprint, status, body) => {
      const row = { key, fingerprint, status, body, at_ms: clock.nowMs() };
      await db.replaceInto('idempotent_answers').values(row).execute();
    },
    pruneIdempotent: async () => {
      await db
        .deleteFrom('idempotent_answers')
        .where('at_ms', '<=', clock.nowMs() - KEPT_MS)
        .execute();
    },
  } satisfies Partial<StoreWrites>;
}

import type { Made, StoreReads, StoreWrites } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Db } from './connection.ts';

/** How long an answer stays good. */
const KEPT_MS = 24 * 3_600_000;

/** Of a row without an answer yet: its body is what the request made. */
const UNANSWERED = 0;

export function readIdempotent(db: Db, clock: Clock) {
  return {
    idempotent: async (key) => {
      const row = await db
        .selectFrom('idempotent_answers')
        .select(['fingerprint', 'status', 'body'])
        .where('key', '=', key)
        .where('at_ms', '>', clock.nowMs() - KEPT_MS)
        .executeTakeFirst();
      if (row === undefined) return null;
      const { fingerprint, status, body } = row;
      return status === UNANSWERED
        ? { fingerprint, answer: null, made: JSON.parse(body) as Made }
        : { fingerprint, answer: { status, body }, made: null };
    },
  } satisfies Partial<StoreReads>;
}

export function writeIdempotent(db: Db, clock: Clock) {
  const { idempotent } = readIdempotent(db, clock);
  const put = async (key: string, fingerprint: string, status: number, body: string): Promise<void> => {
    await db.replaceInto('idempotent_answers').values({ key, fingerprint, status, body, at_ms: clock.nowMs() }).execute();
  };
  return {
    markMade: async (key, fingerprint, made) => {
      const before = (await idempotent(key))?.made;
      await put(key, fingerprint, UNANSWERED, JSON.stringify({ ...before, ...made }));
    },
    saveIdempotent: put,
    pruneIdempotent: async (limit) => {
      const old = db
        .selectFrom('idempotent_answers')
        .select('key')
        .where('at_ms', '<=', clock.nowMs() - KEPT_MS)
        .limit(limit);
      const { numDeletedRows } = await db.deleteFrom('idempotent_answers').where('key', 'in', old).executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  } satisfies Partial<StoreWrites>;
}

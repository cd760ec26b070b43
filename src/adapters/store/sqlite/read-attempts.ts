import { sql } from 'kysely';
import type { StoreReads } from '../../../ports/store.ts';
import { toPortOrNull, toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';

export function readAttempts(db: Db) {
  const all = () => db.selectFrom('attempts').selectAll();
  return {
    attempts: async (runId) => toPortRows('attempts', await all().where('run_id', '=', runId).orderBy('number').execute()),
    attempt: async (id) => toPortOrNull('attempts', await all().where('id', '=', id).executeTakeFirst()),
    liveAttempts: async () => toPortRows('attempts', await all().where('state', '=', sql.lit('live')).orderBy('started_at').execute()),
    attemptsOfSession: async (sessionId) =>
      toPortRows('attempts', await all().where('session_id', '=', sessionId).orderBy('started_at').execute()),
    listSessions: async (projectId, limit, cursor) => {
      const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string']);
      let query = db
        .selectFrom('sessions')
        .innerJoin('runs', 'runs.id', 'sessions.run_id')
        .select([
          'sessions.session_id',
          'sessions.run_id',
          'sessions.project_id',
          'sessions.attempts',
          'sessions.last_used_at',
          'runs.agent',
          'runs.title',
        ]);
      if (projectId !== undefined) query = query.where('sessions.project_id', '=', projectId);
      if (after !== null) {
        const [usedAt, id] = after;
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('sessions.last_used_at', 'sessions.session_id'), '<', tuple(usedAt, id)),
        );
      }
      const rows = await query
        .orderBy('sessions.last_used_at', 'desc')
        .orderBy('sessions.session_id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, (last) => encodeCursor([last.last_used_at, last.session_id]));
    },
  } satisfies Partial<StoreReads>;
}

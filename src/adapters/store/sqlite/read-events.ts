import type { Selectable } from 'kysely';
import type { GluonEvent } from '../../../contract/resources.ts';
import type { StoreReads } from '../../../ports/store.ts';
import { toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';
import type { Tables } from './tables.ts';

export function readEvents(db: Db) {
  return {
    runEvents: async (runId, after, limit) => {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .where('run_id', '=', runId)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(toEvent);
    },
    events: async (after, limit) =>
      (await db.selectFrom('events').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()).map(toEvent),
    activity: async (filter, limit, cursor) => {
      let query = db.selectFrom('events').selectAll();
      if (filter.project_id !== undefined) query = query.where('project_id', '=', filter.project_id);
      if (filter.type !== undefined) query = query.where('type', '=', filter.type);
      if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor, ['number'])[0]);
      const rows = await query
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows.map(toEvent), limit, (last) => encodeCursor([last.id]));
    },
    egressLog: async (runId, limit) => {
      const newest = await db
        .selectFrom('egress_log')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute();
      return toPortRows('egress_log', newest);
    },
  } satisfies Partial<StoreReads>;
}

export function toEvent(row: Selectable<Tables['events']>): GluonEvent {
  const { id, run_id, seq, type, payload, actor, at } = row;
  return { id, run_id, seq, type, payload: JSON.parse(payload) as Record<string, unknown>, actor, at };
}

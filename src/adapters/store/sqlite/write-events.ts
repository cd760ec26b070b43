import { GluonError } from '../../../contract/errors.ts';
import type { NewEvent, StoreWrites } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { Db } from './connection.ts';
import { toEvent } from './read-events.ts';

export function writeEvents(db: Db, clock: Clock) {
  return {
    appendEvent: (event) => appendEvent(db, clock, event),
    pruneEvents: async (before, limit) => {
      // Those about no run lie together in the index over (run_id, seq), in the order in which they came.
      const oldest = await db.selectFrom('events').select(['id', 'at']).where('run_id', 'is', null).orderBy('id').limit(limit).execute();
      const old = oldest.filter((event) => event.at < before);
      const last = old.at(-1);
      if (last !== undefined) await db.deleteFrom('events').where('run_id', 'is', null).where('id', '<=', last.id).execute();
      return old.length;
    },
  } satisfies Partial<StoreWrites>;
}

async function appendEvent(db: Db, clock: Clock, event: NewEvent) {
  const place =
    event.run_id === undefined ? { seq: null, project_id: await projectNamedIn(db, event.payload) } : await nextOfRun(db, event.run_id);
  const row = await db
    .insertInto('events')
    .values({
      run_id: event.run_id ?? null,
      seq: place.seq,
      project_id: place.project_id,
      type: event.type,
      payload: JSON.stringify(event.payload),
      actor: event.actor,
      at: new Date(clock.nowMs()).toISOString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toEvent(row);
}

async function nextOfRun(db: Db, runId: string): Promise<{ seq: number; project_id: string }> {
  const place = await db
    .updateTable('runs')
    .set((row) => ({ seq: row('seq', '+', 1) }))
    .where('id', '=', runId)
    .returning(['seq', 'project_id'])
    .executeTakeFirst();
  if (place === undefined) throw new GluonError('run_not_found', { run: runId });
  return place;
}

/** Events about a project belong to its activity although they belong to no run. */
async function projectNamedIn(db: Db, payload: object): Promise<string | null> {
  const named = 'project' in payload && typeof payload.project === 'string' ? payload.project : null;
  if (named === null) return null;
  const row = await db
    .selectFrom('projects')
    .select('id')
    .where((project) => project.or([project('id', '=', named), project('name', '=', named)]))
    .executeTakeFirst();
  return row?.id ?? null;
}

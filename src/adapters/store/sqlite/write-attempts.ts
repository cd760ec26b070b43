import { sql } from 'kysely';
import type { StoreWrites } from '../../../ports/store.ts';
import { toInsert, toUpdate } from './codec.ts';
import type { Db } from './connection.ts';

export function writeAttempts(db: Db) {
  return {
    insertAttempt: async (row) => {
      await db.insertInto('attempts').values(toInsert('attempts', row)).execute();
      await countInSession(db, row.session_id, row.run_id, row.started_at);
    },
    updateAttempt: async (id, patch) => {
      const set = toUpdate('attempts', patch);
      if (Object.keys(set).length === 0) return;
      const changed = await db
        .updateTable('attempts')
        .set(set)
        .where('id', '=', id)
        .returning(['session_id', 'run_id', 'started_at', 'ended_at'])
        .executeTakeFirst();
      if (changed === undefined) return;
      // A vendor may give the session another id than the one we chose.
      if (patch.session_id !== undefined) await countInSession(db, changed.session_id, changed.run_id, changed.started_at);
      if (typeof patch.ended_at === 'string') await useSession(db, changed.session_id, patch.ended_at);
    },
  } satisfies Partial<StoreWrites>;
}

async function countInSession(db: Db, sessionId: string, runId: string, at: string): Promise<void> {
  const { project_id } = await db.selectFrom('runs').select('project_id').where('id', '=', runId).executeTakeFirstOrThrow();
  const { attempts } = await db
    .selectFrom('attempts')
    .select(({ fn }) => fn.countAll<number>().as('attempts'))
    .where('session_id', '=', sessionId)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('sessions')
    .values({ session_id: sessionId, run_id: runId, project_id, attempts, last_used_at: at })
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet({ run_id: runId, project_id, attempts, last_used_at: sql`max(last_used_at, ${at})` }),
    )
    .execute();
}

async function useSession(db: Db, sessionId: string, at: string): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_used_at: sql`max(last_used_at, ${at})` })
    .where('session_id', '=', sessionId)
    .execute();
}

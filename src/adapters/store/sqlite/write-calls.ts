import { type Selectable, sql } from 'kysely';
import type { StoreWrites } from '../../../ports/store.ts';
import { toInsert, toUpdate } from './codec.ts';
import type { Db } from './connection.ts';
import type { Tables } from './tables.ts';
import { bookCall } from './usage-rollup.ts';

type CallRow = Selectable<Tables['model_calls']>;

/** Calls and, in the same transaction, the sums over the settled ones. */
export function writeCalls(db: Db) {
  return {
    insertModelCall: async (row) => {
      const profile = sql<string>`(select profile from runs where id = ${row.run_id})`;
      const stored = await db
        .insertInto('model_calls')
        .values({ ...toInsert('model_calls', row), profile })
        .returningAll()
        .executeTakeFirstOrThrow();
      if (stored.state === 'settled') await book(db, stored);
    },
    updateModelCall: async (id, patch) => {
      const set = toUpdate('model_calls', patch);
      if (Object.keys(set).length === 0) return;
      const before = await db.selectFrom('model_calls').selectAll().where('id', '=', id).executeTakeFirst();
      if (before === undefined) return;
      if (before.state === 'settled') await bookCall(db, before, -1);
      const after = await db.updateTable('model_calls').set(set).where('id', '=', id).returningAll().executeTakeFirstOrThrow();
      if (after.state !== 'settled') return;
      if (before.state === 'settled' && before.model === after.model) await bookCall(db, after, 1);
      else await book(db, after);
    },
  } satisfies Partial<StoreWrites>;
}

/** Marks whether the call is the first of its run and of its run with that model, then adds it to the sums. */
async function book(db: Db, call: CallRow): Promise<void> {
  const others = db.selectFrom('model_calls').select('id').where('run_id', '=', call.run_id).where('id', '!=', call.id);
  const otherOfRun = await others.where('first_of_run', '=', 1).limit(1).executeTakeFirst();
  const otherOfModel = await others.where('model', '=', call.model).where('first_of_model', '=', 1).limit(1).executeTakeFirst();
  const firsts = { first_of_run: otherOfRun === undefined ? 1 : 0, first_of_model: otherOfModel === undefined ? 1 : 0 };
  if (firsts.first_of_run !== call.first_of_run || firsts.first_of_model !== call.first_of_model) {
    await db.updateTable('model_calls').set(firsts).where('id', '=', call.id).execute();
  }
  await bookCall(db, { ...call, ...firsts }, 1);
}

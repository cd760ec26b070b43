import { type Selectable, sql } from 'kysely';
import type { Db } from './connection.ts';
import type { Tables } from './tables.ts';

/** The row of `usage_runs` that sums over all days. */
const ALL_DAYS = 'all';

/** Adds a settled call to the sums (sign 1), or takes it out again (sign -1). */
export async function bookCall(db: Db, call: Selectable<Tables['model_calls']>, sign: 1 | -1): Promise<void> {
  const day = call.at.slice(0, 10);
  const totals = {
    model_calls: sign,
    input_tokens: sign * call.input_tokens,
    output_tokens: sign * call.output_tokens,
    cache_read_tokens: sign * call.cache_read_tokens,
    cache_write_tokens: sign * call.cache_write_tokens,
    cost_usd: sign * (call.cost_usd ?? 0),
    unpriced_calls: call.cost_usd === null ? sign : 0,
  };
  const counted = { ...totals, runs: sign * call.first_of_run, model_runs: sign * call.first_of_model };
  await db
    .insertInto('usage_days')
    .values({ day, project_id: call.project_id, model: call.model, ...counted })
    .onConflict((conflict) => conflict.columns(['day', 'project_id', 'model']).doUpdateSet(increments('usage_days', counted)))
    .execute();
  const ofRun = { run_id: call.run_id, project_id: call.project_id, ...totals };
  await db
    .insertInto('usage_runs')
    .values([
      { day, ...ofRun },
      { day: ALL_DAYS, ...ofRun },
    ])
    .onConflict((conflict) => conflict.columns(['day', 'run_id']).doUpdateSet(increments('usage_runs', totals)))
    .execute();
  if (sign === -1) await removeEmpty(db, call, day);
}

/** After a correction a group may hold no call any more: it would show up as a line of zeros. */
async function removeEmpty(db: Db, call: Selectable<Tables['model_calls']>, day: string): Promise<void> {
  await db
    .deleteFrom('usage_days')
    .where('day', '=', day)
    .where('project_id', '=', call.project_id)
    .where('model', '=', call.model)
    .where('model_calls', '=', 0)
    .execute();
  await db.deleteFrom('usage_runs').where('run_id', '=', call.run_id).where('model_calls', '=', 0).execute();
}

function increments<T extends Record<string, number>>(table: string, by: T) {
  const names = Object.keys(by) as (keyof T & string)[];
  return Object.fromEntries(names.map((name) => [name, sql<number>`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`])) as {
    [K in keyof T]: ReturnType<typeof sql<number>>;
  };
}

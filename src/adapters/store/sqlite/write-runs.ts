import { sql } from 'kysely';
import type { RunStatus } from '../../../core/run/status.ts';
import type { StoreWrites } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import { toInsert, toUpdate } from './codec.ts';
import type { Db } from './connection.ts';
import { deleteTexts } from './delete-texts.ts';

/** Owned by the statements that count with them: a patch made from a row read earlier must not set them back. */
const NEVER_PATCHED = ['id', 'seq', 'created_at'] as const;

const FINAL: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];

export function writeRuns(db: Db, clock: Clock) {
  return {
    insertRun: async (row) => {
      await db.insertInto('runs').values(toInsert('runs', row)).execute();
    },
    updateRun: async (id, patch, expect) => {
      for (const field of NEVER_PATCHED) if (field in patch) throw new Error(`the field ${field} of a run cannot be patched`);
      const at = new Date(clock.nowMs()).toISOString();
      const settled = patch.status === undefined ? {} : { settled_at: FINAL.includes(patch.status) ? at : null };
      let query = db
        .updateTable('runs')
        .set({ ...settled, ...toUpdate('runs', patch), updated_at: at })
        .where('id', '=', id);
      if (expect?.status !== undefined) query = query.where('status', 'in', [expect.status].flat());
      if (expect?.epoch !== undefined) query = query.where('epoch', '=', expect.epoch);
      const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    deleteRun: async (id) => {
      await deleteTexts(db, [id]);
      await db.deleteFrom('runs').where('id', '=', id).execute();
    },
    renameForgottenBranch: async (projectId, from, to) => {
      // The old name stays known: refusing to trust what a person makes under it later costs less than trusting an agent.
      await sql`insert or ignore into forgotten_branches select ${to}, ${projectId}, path from projects
        where id = ${projectId} and exists (select 1 from forgotten_branches where branch_name = ${from}
          and (project_id = ${projectId} or project_path = projects.path))`.execute(db);
    },
    addUsage: async (runId, delta) => {
      await db
        .updateTable('runs')
        .set({
          // Null plus anything is null: once a price was missing, the cost of the run stays unknown.
          cost_usd: sql`cost_usd + ${delta.cost_usd}`,
          // Sums of fractions leave dust below zero when the last reservation is taken back.
          reserved_usd: sql`max(0.0, reserved_usd + ${delta.reserved_usd})`,
          input_tokens: sql`input_tokens + ${delta.input_tokens}`,
          output_tokens: sql`output_tokens + ${delta.output_tokens}`,
          cache_read_tokens: sql`cache_read_tokens + ${delta.cache_read_tokens}`,
          cache_write_tokens: sql`cache_write_tokens + ${delta.cache_write_tokens}`,
          model_calls: sql`model_calls + ${delta.model_calls}`,
          updated_at: new Date(clock.nowMs()).toISOString(),
        })
        .where('id', '=', runId)
        .execute();
    },
  } satisfies Partial<StoreWrites>;
}

import type { StoreWrites } from '../../../ports/store.ts';
import { toInsert, toUpdate } from './codec.ts';
import type { Db } from './connection.ts';

/** Questions, follow-ups, images and egress decisions of runs. */
export function writeConversation(db: Db) {
  return {
    insertQuestion: async (row) => {
      await db.insertInto('questions').values(toInsert('questions', row)).execute();
    },
    updateQuestion: async (id, patch, expectState) => {
      const { numUpdatedRows } = await db
        .updateTable('questions')
        .set({ ...toUpdate('questions', patch), id })
        .where('id', '=', id)
        .where('state', 'in', expectState)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    insertFollowUp: async (row) => {
      await db.insertInto('follow_ups').values(toInsert('follow_ups', row)).execute();
    },
    updateFollowUp: async (id, patch, expectState) => {
      const { numUpdatedRows } = await db
        .updateTable('follow_ups')
        .set({ ...toUpdate('follow_ups', patch), id })
        .where('id', '=', id)
        .where('state', '=', expectState)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    // The same image may come twice: the first row stays.
    insertAttachment: async (row) => {
      await db
        .insertInto('attachments')
        .values(toInsert('attachments', row))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    linkAttachment: async (runId, attachmentId) => {
      await db
        .insertInto('run_attachments')
        .values({ run_id: runId, attachment_id: attachmentId })
        .onConflict((conflict) => conflict.columns(['run_id', 'attachment_id']).doNothing())
        .execute();
    },
    insertEgress: async (row) => {
      await db.insertInto('egress_log').values(toInsert('egress_log', row)).execute();
    },
  } satisfies Partial<StoreWrites>;
}

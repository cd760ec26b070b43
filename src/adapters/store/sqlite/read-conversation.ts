import { sql } from 'kysely';
import type { StoreReads } from '../../../ports/store.ts';
import { toPortOrNull, toPortRows } from './codec.ts';
import type { Db } from './connection.ts';

/** Questions, follow-ups and images of runs. */
export function readConversation(db: Db) {
  const questions = () => db.selectFrom('questions').selectAll();
  return {
    question: async (id) => toPortOrNull('questions', await questions().where('id', '=', id).executeTakeFirst()),
    openQuestions: async () =>
      toPortRows('questions', await questions().where('state', '=', sql.lit('open')).orderBy('asked_at').execute()),
    questionsOfRun: async (runId) => toPortRows('questions', await questions().where('run_id', '=', runId).orderBy('asked_at').execute()),
    followUps: async (runId) =>
      toPortRows(
        'follow_ups',
        await db.selectFrom('follow_ups').selectAll().where('run_id', '=', runId).orderBy('created_at').orderBy('id').execute(),
      ),
    attachment: async (id) =>
      toPortOrNull('attachments', await db.selectFrom('attachments').selectAll().where('id', '=', id).executeTakeFirst()),
    attachmentsOfRun: async (runId) =>
      toPortRows(
        'attachments',
        await db
          .selectFrom('run_attachments')
          .innerJoin('attachments', 'attachments.id', 'run_attachments.attachment_id')
          .selectAll('attachments')
          .where('run_attachments.run_id', '=', runId)
          .orderBy('attachments.created_at')
          .execute(),
      ),
  } satisfies Partial<StoreReads>;
}

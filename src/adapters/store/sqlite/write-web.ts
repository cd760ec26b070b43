import { sql } from 'kysely';
import type { WebReads, WebWrites } from '../../../ports/web-store.ts';
import type { Db } from './connection.ts';

type Own = Omit<WebWrites, keyof WebReads>;

/** What goes with one more notification when there are too many: enough to catch up, never a long delete. */
const PRUNED_AT_ONCE = 20;

export function writeWeb(db: Db): Own {
  return { ...writeFacts(db), ...writeSessions(db), ...writeNotices(db), ...writeComments(db), ...writeTexts(db) };
}

function writeFacts(db: Db) {
  return {
    patchRunFacts: async (runId, patch) => {
      const { todos, last_activity: activity, ...plain } = patch;
      const fields = {
        ...plain,
        ...(todos === undefined ? {} : { todos: todos === null ? null : JSON.stringify(todos) }),
        ...(activity === undefined ? {} : { last_activity: activity === null ? null : JSON.stringify(activity) }),
      };
      await db
        .insertInto('run_facts')
        .values({ run_id: runId, ...fields })
        .onConflict((conflict) => conflict.column('run_id').doUpdateSet({ run_id: runId, ...fields }))
        .execute();
    },
    markRunRead: async (user, runId) => {
      await sql`insert into run_reads (run_id, user, seq) select id, ${user}, seq from runs where id = ${runId}
        on conflict (run_id, user) do update set seq = excluded.seq`.execute(db);
    },
    putProjectCommands: async (projectId, names, at) => {
      await db
        .replaceInto('project_commands')
        .values({ project_id: projectId, names: JSON.stringify(names), at })
        .execute();
    },
  } satisfies Partial<Own>;
}

function writeSessions(db: Db) {
  return {
    insertWebSession: async (row) => {
      await db
        .insertInto('web_sessions')
        .values({ ...row, secure: Number(row.secure) })
        .execute();
    },
    extendWebSession: async (id, expiresAtMs) => {
      await db.updateTable('web_sessions').set({ expires_at_ms: expiresAtMs }).where('id', '=', id).execute();
    },
    deleteWebSessions: async (ids) => {
      if (ids.length > 0) await db.deleteFrom('web_sessions').where('id', 'in', ids).execute();
    },
  } satisfies Partial<Own>;
}

function writeNotices(db: Db) {
  return {
    insertNotification: async (row, kept) => {
      const { id } = await db.insertInto('notifications').values(row).returning('id').executeTakeFirstOrThrow();
      const { rows } = await sql<{ surplus: number }>`select count(*) - ${kept} as surplus from notifications`.execute(db);
      const surplus = Math.min(rows[0]?.surplus ?? 0, PRUNED_AT_ONCE);
      if (surplus > 0)
        await sql`delete from notifications where id in (select id from notifications order by id limit ${surplus})`.execute(db);
      return id;
    },
    readNotifications: async (user, ids) => {
      const named = ids === null ? sql`` : sql`where id in (select value from json_each(${JSON.stringify(ids)}))`;
      await sql`insert or ignore into notification_reads (notification_id, user) select id, ${user} from notifications ${named}`.execute(
        db,
      );
    },
    markPushed: async (ids) => {
      if (ids.length > 0) await db.updateTable('notifications').set({ pushed: 1 }).where('id', 'in', ids).execute();
    },
    putPushSubscription: async (row) => {
      await db.replaceInto('push_subscriptions').values(row).execute();
    },
    deletePushSubscription: async (endpoint, user) => {
      const { numDeletedRows } = await db
        .deleteFrom('push_subscriptions')
        .where('endpoint', '=', endpoint)
        .$if(user !== null, (query) => query.where('user', '=', user ?? ''))
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
  } satisfies Partial<Own>;
}

function writeComments(db: Db) {
  return {
    insertReviewComment: async (row) => {
      await db.insertInto('review_comments').values(row).execute();
    },
    editReviewComment: async (id, runId, body, at) => {
      const { numUpdatedRows } = await db
        .updateTable('review_comments')
        .set({ body, updated_at: at })
        .where('id', '=', id)
        .where('run_id', '=', runId)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    deleteReviewComment: async (id, runId) => {
      const { numDeletedRows } = await db
        .deleteFrom('review_comments')
        .where('id', '=', id)
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    markCommentsSent: async (runId, ids, at) => {
      if (ids.length === 0) return 0;
      const { numUpdatedRows } = await db
        .updateTable('review_comments')
        .set({ state: 'sent', sent_at: at, updated_at: at })
        .where('run_id', '=', runId)
        .where('id', 'in', ids)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow();
      return Number(numUpdatedRows);
    },
  } satisfies Partial<Own>;
}

function writeTexts(db: Db) {
  return {
    indexTexts: async (runId, texts) => {
      for (const { text, ...place } of texts) {
        const added = await db
          .insertInto('message_texts')
          .values({ run_id: runId, ...place })
          .onConflict((conflict) => conflict.columns(['run_id', 'seq']).doNothing())
          .returning('number')
          .executeTakeFirst();
        if (added === undefined) continue;
        await sql`insert into message_search (rowid, text) values (${added.number}, ${text})`.execute(db);
      }
    },
  } satisfies Partial<Own>;
}

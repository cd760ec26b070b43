import { sql } from 'kysely';
import type { RunFactsRow, SessionRow, ShownNotification, WebReads } from '../../../ports/web-store.ts';
import type { Db } from './connection.ts';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';
import { readWebUsage } from './read-web-usage.ts';

type Counts = Pick<
  WebReads,
  'runCounts' | 'archivedRuns' | 'cardFacts' | 'runFacts' | 'answerable' | 'runsToAnswer' | 'projectCommands' | 'reviewComments'
>;

export function readWeb(db: Db): WebReads {
  return { ...readCards(db), ...readNotices(db), ...readTexts(db), ...readWebUsage(db), webSessions: () => sessions(db) };
}

async function sessions(db: Db): Promise<SessionRow[]> {
  const rows = await db.selectFrom('web_sessions').selectAll().orderBy('created_at_ms').execute();
  return rows.map((row) => ({ ...row, secure: row.secure === 1 }));
}

/** A question that nobody answered in time can be answered only as long as its run waits for it. */
const ANSWERABLE = sql`(asked.state = 'open' or (runs.status = 'review' and json_extract(runs.waiting, '$.reason') = 'input'))`;
/** Spelled as in the partial indexes, so that they serve it. "cross join" keeps the order: from the few questions to their runs. */
const ASKED = sql`(select * from questions where state = 'open' union all select * from questions where state = 'parked')`;
const askedOf = (runIds: readonly string[]) =>
  sql`(select * from questions where run_id in (${sql.join(runIds)}) and state in ('open', 'parked'))`;

function readCards(db: Db): Counts {
  return {
    runCounts: () =>
      db
        .selectFrom('runs')
        .select(({ fn }) => ['project_id', 'status', fn.countAll<number>().as('runs')])
        .where('archived', '=', 0)
        .groupBy(['project_id', 'status'])
        .execute(),
    archivedRuns: async () => {
      const counted = await db
        .selectFrom('runs')
        .select(({ fn }) => fn.countAll<number>().as('runs'))
        .where('archived', '=', 1)
        .executeTakeFirstOrThrow();
      return counted.runs;
    },
    cardFacts: async (user, runIds) => {
      if (runIds.length === 0) return [];
      const rows = await db
        .selectFrom('run_facts')
        .leftJoin('run_reads', (join) => join.onRef('run_reads.run_id', '=', 'run_facts.run_id').on('run_reads.user', '=', user))
        .select(['run_facts.run_id', 'noticed_seq', 'last_activity', 'context_tokens', 'context_window', 'run_reads.seq'])
        .where('run_facts.run_id', 'in', runIds)
        .execute();
      return rows.map(({ noticed_seq, seq, last_activity, ...facts }) => ({
        ...facts,
        unread: noticed_seq > (seq ?? 0),
        last_activity: parsed<NonNullable<RunFactsRow['last_activity']>>(last_activity),
      }));
    },
    runFacts: async (runId) => {
      const row = await db.selectFrom('run_facts').selectAll().where('run_id', '=', runId).executeTakeFirst();
      if (row === undefined) return null;
      return {
        ...row,
        todos: parsed<NonNullable<RunFactsRow['todos']>>(row.todos),
        last_activity: parsed<NonNullable<RunFactsRow['last_activity']>>(row.last_activity),
      };
    },
    answerable: async (runIds, limit) => {
      if (runIds?.length === 0) return [];
      type Row = { id: string; run_id: string; text: string | null; questions: number; expires_at: string; state: string };
      const { rows } = await sql<Row>`select asked.id, asked.run_id, json_extract(items, '$[0].question') as text,
        json_array_length(items) as questions, expires_at, asked.state
        from ${runIds === null ? ASKED : askedOf(runIds)} asked cross join runs on runs.id = asked.run_id
        where ${ANSWERABLE} order by asked_at limit ${limit}`.execute(db);
      return rows.map(({ state, text, ...row }) => ({ ...row, text: text ?? '', parked: state === 'parked' }));
    },
    runsToAnswer: async () => {
      const { rows } = await sql<{ runs: number }>`select count(distinct asked.run_id) as runs
        from ${ASKED} asked cross join runs on runs.id = asked.run_id where runs.archived = 0 and ${ANSWERABLE}`.execute(db);
      return rows[0]?.runs ?? 0;
    },
    projectCommands: async (projectId) => {
      const row = await db.selectFrom('project_commands').select('names').where('project_id', '=', projectId).executeTakeFirst();
      return parsed<string[]>(row?.names ?? null) ?? [];
    },
    reviewComments: (runId) =>
      db.selectFrom('review_comments').selectAll().where('run_id', '=', runId).orderBy('created_at').orderBy('id').execute(),
  };
}

function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}

function readNotices(db: Db) {
  const all = (user: string) =>
    db
      .selectFrom('notifications')
      .leftJoin('runs', 'runs.id', 'notifications.run_id')
      .leftJoin('projects', 'projects.id', 'runs.project_id')
      .leftJoin('notification_reads as reads', (join) =>
        join.onRef('reads.notification_id', '=', 'notifications.id').on('reads.user', '=', user),
      )
      .select([
        'notifications.id',
        'notifications.kind',
        'notifications.run_id',
        'notifications.text',
        'notifications.at',
        'runs.title as run_title',
        'projects.name as project',
        'reads.user as reader',
      ]);
  const shown = ({ reader, ...row }: Omit<ShownNotification, 'read'> & { reader: string | null }): ShownNotification => ({
    ...row,
    read: reader !== null,
  });
  return {
    notifications: async (user, unread, limit, cursor) => {
      let query = all(user);
      if (unread) query = query.where('reads.user', 'is', null);
      if (cursor !== undefined) query = query.where('notifications.id', '<', decodeCursor(cursor, ['number'])[0]);
      const rows = await query
        .orderBy('notifications.id', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows.map(shown), limit, (last) => encodeCursor([last.id]));
    },
    lastNotificationAt: async (kind, runId) => {
      const row = await db
        .selectFrom('notifications')
        .select('at')
        .where('kind', '=', kind)
        .$if(runId !== null, (query) => query.where('run_id', '=', runId ?? ''))
        .orderBy('id', 'desc')
        .executeTakeFirst();
      return row?.at ?? null;
    },
    unreadNotifications: async (user) => {
      const { rows } = await sql<{ unread: number }>`select count(*) as unread from notifications where not exists
        (select 1 from notification_reads where notification_id = notifications.id and user = ${user})`.execute(db);
      return rows[0]?.unread ?? 0;
    },
    notification: async (id, user) => {
      const row = await all(user).where('notifications.id', '=', id).executeTakeFirst();
      return row === undefined ? null : shown(row);
    },
    unpushed: async (since, limit) => {
      const rows = await all('')
        .where(sql<boolean>`notifications.pushed = 0`)
        .where('notifications.at', '>=', since)
        .orderBy('notifications.id')
        .limit(limit)
        .execute();
      return rows.map(shown);
    },
    pushSubscriptions: (user) =>
      db
        .selectFrom('push_subscriptions')
        .selectAll()
        .$if(user !== null, (query) => query.where('user', '=', user ?? ''))
        .orderBy('created_at')
        .execute(),
  } satisfies Partial<WebReads>;
}

function readTexts(db: Db) {
  return {
    searchTexts: async (words, projectId, below, limit) => {
      if (words.length === 0) return [];
      // Each word in quotes: nothing in it is an operator of the query language of the index.
      const quoted = words.map((word) => `"${word.replaceAll('"', '""')}"`);
      const match = `${quoted.join(' ')}*`;
      return db
        .selectFrom('message_search')
        .innerJoin('message_texts', 'message_texts.number', 'message_search.rowid')
        .$if(projectId !== null, (query) =>
          query.innerJoin('runs', 'runs.id', 'message_texts.run_id').where('runs.project_id', '=', projectId ?? ''),
        )
        .select(['message_texts.number', 'message_texts.run_id', 'message_texts.seq', 'message_texts.type', 'message_texts.at'])
        .where('message_search', '=', sql<string>`${match}`)
        .where('message_search.rowid', '<', below)
        .orderBy('message_search.rowid', 'desc')
        .limit(limit)
        .execute();
    },
    runsByBranchPart: async (part, projectId, limit) => {
      const ofProject = projectId === null ? sql`` : sql`and project_id = ${projectId}`;
      // Read in the index alone: the name stands behind the prompt in a row, which may be long.
      const { rows } = await sql<{ id: string }>`select id from runs where number in (
        select number from runs indexed by runs_branch
        where branch_name is not null and instr(lower(branch_name), ${part.toLowerCase()}) > 0 ${ofProject}
        order by number desc limit ${limit}
      ) order by number desc`.execute(db);
      return rows.map((row) => row.id);
    },
  } satisfies Partial<WebReads>;
}

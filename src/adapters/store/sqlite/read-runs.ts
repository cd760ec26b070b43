import { sql } from 'kysely';
import { RUN_STATUSES, type RunStatus } from '../../../core/run/status.ts';
import type { StoreReads } from '../../../ports/store.ts';
import { toPortOrNull, toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { listRuns } from './list-runs.ts';
import { searchRuns } from './search-runs.ts';

export function readRuns(db: Db) {
  return {
    run: async (id) => toPortOrNull('runs', await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()),
    runIdsByPrefix: async (prefix, limit) => {
      // A range instead of LIKE: it uses the index, and no character of the prefix is special. 'g' comes after every hex digit.
      const rows = await db
        .selectFrom('runs')
        .select('id')
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.id);
    },
    runBySession: async (sessionId) =>
      toPortOrNull(
        'runs',
        await db.selectFrom('runs').selectAll().where('session_id', '=', sessionId).orderBy('number', 'desc').executeTakeFirst(),
      ),
    listRuns: async (filter, limit, cursor) =>
      filter.search === undefined || filter.search === '' ? listRuns(db, filter, limit, cursor) : searchRuns(db, filter, limit, cursor),
    runsInState: async (statuses) =>
      toPortRows(
        'runs',
        await db.selectFrom('runs').selectAll().where('status', 'in', statuses).orderBy('queued_at').orderBy('number').execute(),
      ),
    countRuns: (projectId) => countRuns(db, projectId),
    runsSettledBefore: async (before, statuses, limit) =>
      toPortRows(
        'runs',
        await db
          .selectFrom('runs')
          .selectAll()
          .where('status', 'in', statuses)
          .where('settled_at', '<', before)
          .orderBy('settled_at')
          .limit(limit)
          .execute(),
      ),
    runByBranch: async (projectId, branch) =>
      toPortOrNull(
        'runs',
        await db
          .selectFrom('runs')
          .selectAll()
          .where('project_id', '=', projectId)
          .where('branch_name', '=', branch)
          .orderBy('number', 'desc')
          .executeTakeFirst(),
      ),
    isForgottenBranch: async (projectId, branch) => {
      const path = db.selectFrom('projects').select('path').where('id', '=', projectId);
      const found = await db
        .selectFrom('forgotten_branches')
        .select('branch_name')
        .where('branch_name', '=', branch)
        .where((row) => row.or([row('project_id', '=', projectId), row('project_path', '=', path)]))
        .executeTakeFirst();
      return found !== undefined;
    },
    leasedPorts: async () => {
      // The condition is spelled as in the index, so that the index serves it.
      const rows = await db.selectFrom('runs').select('ports').where(sql<boolean>`ports <> '[]'`).execute();
      return rows.flatMap((row) => JSON.parse(row.ports) as number[]);
    },
  } satisfies Partial<StoreReads>;
}

async function countRuns(db: Db, projectId: string | undefined): Promise<Record<RunStatus, number>> {
  const rows = await db
    .selectFrom('run_counts')
    .select(({ fn }) => ['status' as const, fn.sum<number>('runs').as('runs')])
    .$if(projectId !== undefined, (query) => query.where('project_id', '=', projectId ?? ''))
    .groupBy('status')
    .execute();
  const counts = Object.fromEntries(RUN_STATUSES.map((status) => [status, 0])) as Record<RunStatus, number>;
  for (const row of rows) counts[row.status] = row.runs;
  return counts;
}

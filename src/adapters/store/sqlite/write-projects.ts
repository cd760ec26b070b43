import { setImmediate as nextTurn } from 'node:timers/promises';
import { GluonError } from '../../../contract/errors.ts';
import type { StoreWrites } from '../../../ports/store.ts';
import { toInsert, toUpdate } from './codec.ts';
import type { Db } from './connection.ts';
import { deleteTexts } from './delete-texts.ts';

/** Runs removed at once; the event loop goes on between the batches. */
const RUNS_PER_BATCH = 20;

export function writeProjects(db: Db) {
  return {
    insertProject: async (row) => {
      await db
        .insertInto('projects')
        .values(toInsert('projects', row))
        .execute()
        .catch((error) => {
          throw isUnique(error, 'projects.name') ? new GluonError('project_exists', { project: row.name }, { cause: error }) : error;
        });
    },
    updateProject: async (id, patch) => {
      const set = toUpdate('projects', patch);
      if (Object.keys(set).length === 0) return;
      await db
        .updateTable('projects')
        .set(set)
        .where('id', '=', id)
        .execute()
        .catch((error) => {
          throw isUnique(error, 'projects.name')
            ? new GluonError('project_exists', { project: patch.name ?? id }, { cause: error })
            : error;
        });
    },
    deleteProject: (id) => deleteProject(db, id),
    insertWorkspace: async (row) => {
      await db
        .insertInto('workspaces')
        .values(toInsert('workspaces', row))
        .execute()
        .catch((error) => {
          throw isUnique(error, 'workspaces.name') ? new GluonError('workspace_exists', { workspace: row.name }, { cause: error }) : error;
        });
    },
    deleteWorkspace: async (id) => {
      await db.deleteFrom('workspaces').where('id', '=', id).execute();
    },
  } satisfies Partial<StoreWrites>;
}

/** Throws `project_busy` while a run waits or runs. What was spent stays in the sums of usage by day. */
async function deleteProject(db: Db, id: string): Promise<void> {
  const runs = db.selectFrom('runs').where('project_id', '=', id);
  const busy = await runs.select('id').where('status', 'in', ['pending', 'running']).execute();
  if (busy.length > 0) throw new GluonError('project_busy', { project: id, count: busy.length });
  for (;;) {
    const batch = await runs.select(['number', 'id']).limit(RUNS_PER_BATCH).execute();
    if (batch.length === 0) break;
    await deleteTexts(
      db,
      batch.map((row) => row.id),
    );
    const numbers = batch.map((row) => row.number);
    await db.deleteFrom('runs').where('number', 'in', numbers).execute();
    await nextTurn();
  }
  await db.deleteFrom('run_counts').where('project_id', '=', id).execute();
  await db.deleteFrom('projects').where('id', '=', id).execute();
}

function isUnique(error: unknown, column: string): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE' && error.message.endsWith(column);
}

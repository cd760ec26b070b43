import type { StoreReads } from '../../../ports/store.ts';
import { toPortOrNull, toPortRows } from './codec.ts';
import type { Db } from './connection.ts';

export function readProjects(db: Db) {
  return {
    projects: async () => toPortRows('projects', await db.selectFrom('projects').selectAll().orderBy('name').execute()),
    project: async (id) => toPortOrNull('projects', await db.selectFrom('projects').selectAll().where('id', '=', id).executeTakeFirst()),
    projectByName: async (name) =>
      toPortOrNull('projects', await db.selectFrom('projects').selectAll().where('name', '=', name).executeTakeFirst()),
    workspaces: async () => toPortRows('workspaces', await db.selectFrom('workspaces').selectAll().orderBy('name').execute()),
    workspace: async (idOrName) => {
      const rows = await db
        .selectFrom('workspaces')
        .selectAll()
        .where((row) => row.or([row('id', '=', idOrName), row('name', '=', idOrName)]))
        .execute();
      // Somebody may name a workspace like the id of another: the id wins.
      return toPortOrNull('workspaces', rows.find((row) => row.id === idOrName) ?? rows[0]);
    },
  } satisfies Partial<StoreReads>;
}

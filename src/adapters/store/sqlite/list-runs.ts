import { RUN_STATUSES, type RunStatus } from '../../../core/run/status.ts';
import type { Page, RunFilter, RunRow } from '../../../ports/store.ts';
import { toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';

interface Place {
  number: number;
  created_at: string;
  id: string;
}

/**
 * Newest first. The page is merged from one index seek per (archived, status) that is asked for, each of which reads at most a page
 * of index entries: the cost depends on the page, not on the number of runs.
 */
export async function listRuns(db: Db, filter: RunFilter, limit: number, cursor?: string): Promise<Page<RunRow>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string']);
  const places: Place[] = [];
  for (const archived of filter.archived === undefined ? [0, 1] : [filter.archived ? 1 : 0]) {
    for (const status of new Set(filter.statuses ?? RUN_STATUSES)) {
      places.push(...(await seek(db, filter.project_id, archived, status, limit + 1, after)));
    }
  }
  places.sort(newestFirst);
  const page = pageOf(places, limit, (last) => encodeCursor([last.created_at, last.id]));
  return { items: await rowsAt(db, page.items), next_cursor: page.next_cursor };
}

function seek(
  db: Db,
  projectId: string | undefined,
  archived: number,
  status: RunStatus,
  limit: number,
  after: readonly [string, string] | null,
): Promise<Place[]> {
  let query = db.selectFrom('runs').select(['number', 'created_at', 'id']).where('archived', '=', archived).where('status', '=', status);
  if (projectId !== undefined) query = query.where('project_id', '=', projectId);
  if (after !== null) {
    const [createdAt, id] = after;
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(createdAt, id)));
  }
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

function newestFirst(one: Place, other: Place): number {
  if (one.created_at !== other.created_at) return one.created_at < other.created_at ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}

async function rowsAt(db: Db, places: readonly Place[]): Promise<RunRow[]> {
  if (places.length === 0) return [];
  const numbers = places.map((place) => place.number);
  const rows = await db.selectFrom('runs').selectAll().where('number', 'in', numbers).execute();
  return toPortRows('runs', rows.sort(newestFirst));
}

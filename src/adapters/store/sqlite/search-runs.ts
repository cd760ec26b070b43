import { sql } from 'kysely';
import type { Page, RunFilter, RunRow } from '../../../ports/store.ts';
import { toPortRows } from './codec.ts';
import type { Db } from './connection.ts';
import { decodeCursor, encodeCursor, pageOf } from './cursor.ts';

/** The index knows sequences of three characters; a shorter search looks at this many runs per page instead. */
const SHORTEST_INDEXED = 3;
const SCANNED_PER_PAGE = 2000;

/** Runs whose title or prompt holds the text, in any case, newest first by order of submission. */
export async function searchRuns(db: Db, filter: RunFilter, limit: number, cursor?: string): Promise<Page<RunRow>> {
  const text = filter.search ?? '';
  const below = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor, ['number'])[0];
  return [...text].length >= SHORTEST_INDEXED ? indexed(db, text, filter, limit, below) : scanned(db, text, filter, limit, below);
}

async function indexed(db: Db, text: string, filter: RunFilter, limit: number, below: number): Promise<Page<RunRow>> {
  // One quoted string: nothing in it is an operator of the query language of the index.
  const phrase = `"${text.replaceAll('"', '""')}"`;
  const rows = await filtered(db, filter)
    .innerJoin('run_search', (join) => join.onRef('run_search.rowid', '=', 'runs.number'))
    .where('run_search', '=', sql<string>`${phrase}`)
    .where('run_search.rowid', '<', below)
    .orderBy('run_search.rowid', 'desc')
    .limit(limit + 1)
    .execute();
  const page = pageOf(rows, limit, (last) => encodeCursor([last.number]));
  return { items: toPortRows('runs', page.items), next_cursor: page.next_cursor };
}

async function scanned(db: Db, text: string, filter: RunFilter, limit: number, below: number): Promise<Page<RunRow>> {
  const newest = await db.selectFrom('runs').select('number').where('number', '<', below).orderBy('number', 'desc').executeTakeFirst();
  if (newest === undefined) return { items: [], next_cursor: null };
  const lowest = newest.number - SCANNED_PER_PAGE;
  const wanted = text.toLowerCase();
  const rows = await filtered(db, filter)
    .where('number', '<', below)
    .where('number', '>', lowest)
    .where(sql<boolean>`instr(lower(title), ${wanted}) or instr(lower(substr(prompt, 1, 65536)), ${wanted})`)
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const page = pageOf(rows, limit, (last) => encodeCursor([last.number]));
  const more = lowest >= 1 ? encodeCursor([lowest + 1]) : null;
  return { items: toPortRows('runs', page.items), next_cursor: page.next_cursor ?? more };
}

function filtered(db: Db, filter: RunFilter) {
  let query = db.selectFrom('runs').selectAll('runs');
  if (filter.project_id !== undefined) query = query.where('project_id', '=', filter.project_id);
  if (filter.statuses !== undefined) query = query.where('status', 'in', filter.statuses);
  if (filter.archived !== undefined) query = query.where('archived', '=', filter.archived ? 1 : 0);
  return query;
}

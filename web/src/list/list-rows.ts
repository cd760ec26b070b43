/** Which runs the list shows, of what was read and what has come since. Pure. */
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { inScope } from '../board/placement.ts';

export interface ListFilter {
  /** Ids or names; null: all projects. */
  readonly projects: ReadonlySet<string> | null;
  readonly status: RunCard['status'] | null;
  readonly archived: boolean;
  /** Empty: none. The server searches in prompts as well, so what it found stays. */
  readonly search: string;
}

export type Sort = 'newest' | 'title' | 'cost' | 'time';

/**
 * Runs as they are now, newest first: what was read and still belongs here, and before it the runs that were made since. `read` is null
 * until the first page came. What was made since is not searched: only the server can.
 */
export function listRows(read: readonly RunCard[] | null, known: readonly RunCard[], filter: ListFilter): readonly RunCard[] {
  if (read === null) return [];
  const now = new Map(known.map((card) => [card.id, card]));
  const rows = read.map((card) => now.get(card.id) ?? card).filter((card) => belongs(card, filter));
  if (filter.search !== '' || filter.archived) return rows;
  const shown = new Set(rows.map(({ id }) => id));
  const newest = read[0]?.created_at ?? '';
  const since = known.filter((card) => !shown.has(card.id) && card.created_at > newest && belongs(card, filter));
  return [...since.sort((a, b) => (a.created_at < b.created_at ? 1 : -1)), ...rows];
}

function belongs(card: RunCard, { projects, status, archived }: ListFilter): boolean {
  return card.archived === archived && (status === null || card.status === status) && inScope(card, projects);
}

/** Sorts what is loaded; the server gives runs newest first and in no other order. */
export function sorted(rows: readonly RunCard[], sort: Sort, nowMs: number): readonly RunCard[] {
  if (sort === 'newest') return rows;
  if (sort === 'title') return [...rows].sort((a, b) => a.title.localeCompare(b.title));
  if (sort === 'cost') return [...rows].sort((a, b) => (b.cost_usd ?? -1) - (a.cost_usd ?? -1));
  return [...rows].sort((a, b) => lasted(b, nowMs) - lasted(a, nowMs));
}

function lasted(card: RunCard, nowMs: number): number {
  if (card.started_at === null) return -1;
  return (card.ended_at === null ? nowMs : Date.parse(card.ended_at)) - Date.parse(card.started_at);
}

/** From the last row that was chosen to this one, as Shift and a click mean it. */
export function rangeTo(ids: readonly string[], from: string | null, to: string): readonly string[] {
  const [a, b] = [from === null ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Which card stands in which column, and where: what needs the person comes first. Pure. */
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { STATUSES, type Status } from './columns.ts';

/** What of the board is shown. */
export interface Scope {
  /** Ids or names of the projects; null: all. */
  readonly projects: ReadonlySet<string> | null;
  readonly needsYou: boolean;
}

export interface Placement {
  readonly columns: Readonly<Record<Status, readonly string[]>>;
  /** Cards in the scope, whatever the filter. */
  readonly all: number;
  readonly needsYou: number;
}

/** It is the person's turn: a question can be answered, or work lies there to be looked at. */
export function needsYou(card: Pick<RunCard, 'status' | 'open_question' | 'archived'>): boolean {
  return !card.archived && (card.open_question !== null || card.status === 'review');
}

/**
 * `moving` holds cards that somebody on this page has moved and the server has not answered for. `before` lends its columns where nothing
 * changed, so that they are not drawn again.
 */
export function place(cards: readonly RunCard[], scope: Scope, moving: ReadonlyMap<string, Status>, before?: Placement): Placement {
  const columns = Object.fromEntries(STATUSES.map((status) => [status, [] as RunCard[]])) as Record<Status, RunCard[]>;
  let all = 0;
  let turns = 0;
  for (const card of cards) {
    if (card.archived || !inScope(card, scope.projects)) continue;
    all += 1;
    const turn = needsYou(card);
    if (turn) turns += 1;
    if (turn || !scope.needsYou) columns[moving.get(card.id) ?? card.status].push(card);
  }
  const ids = Object.fromEntries(
    STATUSES.map((status) => {
      const sorted = columns[status].sort(ORDER[status]).map(({ id }) => id);
      const old = before?.columns[status];
      return [status, old !== undefined && same(old, sorted) ? old : sorted];
    }),
  ) as Record<Status, readonly string[]>;
  return { columns: ids, all, needsYou: turns };
}

/** `projects` are ids or names; null: all. */
export function inScope({ project, project_id }: Pick<RunCard, 'project' | 'project_id'>, projects: ReadonlySet<string> | null): boolean {
  return projects === null || projects.has(project_id) || projects.has(project);
}

type Order = (a: RunCard, b: RunCard) => number;

/** Questions first, the one that ends soonest at the top; parked ones after those that tick. */
const byQuestion: Order = (a, b) => questionRank(a) - questionRank(b) || text(a.open_question?.expires_at, b.open_question?.expires_at);

function questionRank({ open_question }: RunCard): number {
  return open_question === null ? 2 : open_question.parked ? 1 : 0;
}

const newestEnd: Order = (a, b) => text(b.ended_at ?? b.updated_at, a.ended_at ?? a.updated_at) || text(a.id, b.id);

const ORDER: Record<Status, Order> = {
  // In the queue the oldest is next; what waits for something else than a place stands behind it.
  pending: (a, b) => byQuestion(a, b) || queueRank(a) - queueRank(b) || text(a.created_at, b.created_at) || text(a.id, b.id),
  running: (a, b) =>
    byQuestion(a, b) ||
    Number(a.waiting === null) - Number(b.waiting === null) ||
    text(b.started_at ?? b.created_at, a.started_at ?? a.created_at) ||
    text(a.id, b.id),
  review: (a, b) => byQuestion(a, b) || newestEnd(a, b),
  completed: newestEnd,
  failed: newestEnd,
  cancelled: newestEnd,
};

function queueRank({ waiting }: RunCard): number {
  return waiting === null || waiting.reason === 'slot' ? 0 : 1;
}

function text(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}

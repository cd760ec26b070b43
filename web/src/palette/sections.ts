/** What the palette lists for a text: pure. Order within a section is by how well it fits, then by what needs the person. */
import type { RunCard, SearchHit } from '../../../src/contract/web-resources.ts';
import { findLetters, type Mark, rankLetters } from '../ui/letters.ts';

/** `>` only acts, `#` only runs. */
export interface PaletteText {
  readonly only: 'acts' | 'runs' | null;
  readonly words: string;
}

export function parseText(text: string): PaletteText {
  const words = text.trimStart();
  if (words.startsWith('>')) return { only: 'acts', words: words.slice(1).trim() };
  if (words.startsWith('#')) return { only: 'runs', words: words.slice(1).trim() };
  return { only: null, words: words.trim() };
}

export interface Found<T> {
  readonly of: T;
  readonly marks: readonly Mark[];
}

/** Those whose label fits, best first; equal ones keep their order. Without words: all of them. */
export function fitting<T>(items: readonly T[], words: string, labelOf: (item: T) => string, most: number): Found<T>[] {
  return items
    .map((of) => ({ of, label: labelOf(of) }))
    .map(({ of, label }) => ({ of, rank: rankLetters(label, words), marks: findLetters(label, words) ?? [] }))
    .filter((each): each is typeof each & { rank: number } => each.rank !== null)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, most)
    .map(({ of, marks }) => ({ of, marks }));
}

const NEED: Record<RunCard['status'], number> = { running: 2, review: 1, pending: 3, failed: 4, completed: 5, cancelled: 6 };

/** Those that wait for the person first, then by state, then the newest. */
export function byNeed(cards: readonly RunCard[]): RunCard[] {
  const need = (card: RunCard) => (card.open_question !== null ? 0 : NEED[card.status]);
  return [...cards].sort((one, other) => need(one) - need(other) || other.updated_at.localeCompare(one.updated_at));
}

/** Whether letters that are not in one piece may count: for a title only when they are few and many fit. */
export function fittingRuns(cards: readonly RunCard[], words: string, most: number): Found<RunCard>[] {
  const whole = fitting(byNeed(cards), words, ({ title }) => title, cards.length).filter(({ marks }) => marks.length <= 1);
  const byId = /^[0-9a-f]{4,32}$/.test(words)
    ? cards.filter(({ id }) => id.startsWith(words)).map((of): Found<RunCard> => ({ of, marks: [] }))
    : [];
  const found = new Map([...byId, ...whole].map((each) => [each.of.id, each]));
  return [...found.values()].slice(0, most);
}

/** Runs that only the server knows: archived ones, or found by branch and prompt. */
export function otherRuns(hits: readonly SearchHit[], known: ReadonlySet<string>): SearchHit[] {
  const seen = new Set(known);
  return hits.filter(({ kind, run_id }) => {
    if (kind !== 'run' || seen.has(run_id)) return false;
    seen.add(run_id);
    return true;
  });
}

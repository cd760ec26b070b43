/** The way from card to card by keyboard. Pure. */
import type { Status } from './columns.ts';
import type { Placement } from './placement.ts';

export type Columns = Placement['columns'];
export type Direction = 'up' | 'down' | 'left' | 'right';

export interface Place {
  readonly column: Status;
  readonly index: number;
}

export function placeOf(columns: Columns, shown: readonly Status[], id: string): Place | null {
  for (const column of shown) {
    const index = columns[column].indexOf(id);
    if (index >= 0) return { column, index };
  }
  return null;
}

/** The card beside one: down and up in its column, left and right to the nearest column that has any. */
export function neighbour(columns: Columns, shown: readonly Status[], from: Place, key: Direction): Place {
  const { column, index } = from;
  if (key === 'down') return { column, index: Math.min(index + 1, columns[column].length - 1) };
  if (key === 'up') return { column, index: Math.max(index - 1, 0) };
  const step = key === 'right' ? 1 : -1;
  for (let at = shown.indexOf(column) + step; at >= 0 && at < shown.length; at += step) {
    const next = shown[at];
    if (next !== undefined && columns[next].length > 0) return { column: next, index: Math.min(index, columns[next].length - 1) };
  }
  return from;
}

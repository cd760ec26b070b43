/** Order of a table's rows. */

export type SortKey = string | number | null;

export interface SortOrder {
  readonly column: string;
  readonly down: boolean;
}

const WORDS = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** A new list; rows that are equal keep their order, rows without a key stand last either way. */
export function sortRows<T>(rows: readonly T[], by: (row: T) => SortKey, down: boolean): T[] {
  return [...rows].sort((left, right) => {
    const a = by(left);
    const b = by(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : WORDS.compare(String(a), String(b));
    return down ? -order : order;
  });
}

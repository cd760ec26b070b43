/** Where a record stands among the rows. */
import type { Row } from './rows.ts';

/** Index of the row that holds the record, the last one that begins at or before it; null: it lies outside of the window. */
export function rowAt(rows: readonly Row[], seq: number, atStart: boolean): number | null {
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  if (seq < first.seq) return atStart ? 0 : null;
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.seq ?? 0) <= seq) low = middle;
    else high = middle - 1;
  }
  // Behind the last row: a result of that row, or a record that is not here.
  return low === rows.length - 1 && seq > last.seq + LOOSE ? null : low;
}

/** So many records may follow the beginning of a row and still be its own. */
const LOOSE = 60;

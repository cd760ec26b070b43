/** Finds text in the rows that are there. Letters of both cases are alike. */

import type { Row } from './rows.ts';
import type { Range } from './segments.ts';

export interface Found {
  /** Index of the row. */
  readonly row: number;
  readonly side: 'old' | 'new';
  readonly range: Range;
}

/** More is not counted: nobody steps through it. */
export const MOST_FOUND = 5_000;

export function rangesOf(text: string, wanted: string): Range[] {
  const [hay, needle] = [text.toLowerCase(), wanted.toLowerCase()];
  // Where small letters are longer or shorter than large ones the places would not fit.
  if (needle === '' || hay.length !== text.length) return [];
  const ranges: Range[] = [];
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) ranges.push([at, at + needle.length]);
  return ranges;
}

export function findIn(rows: readonly Row[], wanted: string): Found[] {
  const found: Found[] = [];
  for (let row = 0; row < rows.length && found.length < MOST_FOUND; row += 1) {
    for (const { side, text } of textsOf(rows[row])) {
      for (const range of rangesOf(text, wanted)) found.push({ row, side, range });
    }
  }
  return found.slice(0, MOST_FOUND);
}

function textsOf(row: Row | undefined): { side: 'old' | 'new'; text: string }[] {
  if (row?.kind === 'line') return [{ side: row.line.kind === 'del' ? 'old' : 'new', text: row.line.text }];
  if (row?.kind !== 'pair') return [];
  const { left, right } = row;
  if (left === right) return right === null ? [] : [{ side: 'new', text: right.text }];
  return [
    ...(left === null ? [] : [{ side: 'old' as const, text: left.text }]),
    ...(right === null ? [] : [{ side: 'new' as const, text: right.text }]),
  ];
}

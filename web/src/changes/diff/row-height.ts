/** How high a row will be. Code is set in letters of one width, so most rows need no measuring. */

import type { DiffLine } from './parse.ts';
import type { Layout, Row } from './rows.ts';
import { CUT_LINE, LONG_LINE } from './shown-line.ts';
import { hiddenIn } from './visible-text.ts';

const LINE_PX = 20;
/** Of JetBrains Mono at 12 px with the letter spacing of the diff. */
const LETTER_PX = 7.02;
const TAB_LETTERS = 4;
const CODE_PADDING_PX = 8;

export interface Sizes {
  /** Of the list, in pixels. */
  readonly width: number;
  readonly layout: Layout;
  /** Of numbers and mark in front of the code. */
  readonly gutter: number;
}

export interface RowHeight {
  readonly px: number;
  /** The figure is a guess: the row has to be looked at. */
  readonly measure: boolean;
}

const FIXED: Readonly<Record<Exclude<Row['kind'], 'line' | 'pair'>, RowHeight>> = {
  file: { px: 38, measure: false },
  hunk: { px: 26, measure: false },
  end: { px: 20, measure: false },
  note: { px: 40, measure: true },
  thread: { px: 110, measure: true },
  compose: { px: 160, measure: true },
};
const ONE_LINE: RowHeight = { px: LINE_PX, measure: false };

export function heightOf(row: Row, sizes: Sizes): RowHeight {
  if (row.kind !== 'line' && row.kind !== 'pair') return FIXED[row.kind];
  const inner = (sizes.layout === 'split' ? sizes.width / 2 : sizes.width) - sizes.gutter - CODE_PADDING_PX;
  const columns = Math.max(8, Math.floor(inner / LETTER_PX));
  const lines = row.kind === 'line' ? [row.line] : [row.left, row.right];
  let most = 1;
  let measure = false;
  for (const line of lines) {
    if (line === null) continue;
    const { letters, sure } = lettersOf(line);
    most = Math.max(most, Math.ceil(letters / columns));
    measure ||= letters > columns - 1 || !sure;
  }
  return most === 1 && !measure ? ONE_LINE : { px: most * LINE_PX, measure };
}

const seen = new WeakMap<DiffLine, { readonly letters: number; readonly sure: boolean }>();

/** Width of a line in letters; not sure of those that are wider than others, or shown by name. */
function lettersOf(line: DiffLine): { letters: number; sure: boolean } {
  const known = seen.get(line);
  if (known !== undefined) return known;
  const { text } = line;
  const long = text.length > LONG_LINE;
  const shown = long ? text.slice(0, CUT_LINE) : text;
  let letters = 0;
  let sure = !long;
  for (let at = 0; at < shown.length; at += 1) {
    const code = shown.charCodeAt(at);
    if (code === 9) letters += TAB_LETTERS - (letters % TAB_LETTERS);
    else if (code >= 32 && code < 127) letters += 1;
    else {
      letters += 2;
      if (code !== 13 || at < shown.length - 1) sure = false;
    }
  }
  if (!sure) letters += hiddenIn(shown).length * 6;
  const found = { letters, sure };
  seen.set(line, found);
  return found;
}

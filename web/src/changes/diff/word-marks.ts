/** The words that differ between a removed line and the one that took its place. */
import { diffWordsWithSpace } from 'diff';
import type { Range } from './segments.ts';

const LONGEST = 1_000;
/** More edits than this, and no single word says what changed. */
const MOST_EDITS = 120;
/** When most of a line changed, the line itself is the mark. */
const MOST_MARKED = 0.75;

export interface WordMarks {
  readonly old: readonly Range[];
  readonly new: readonly Range[];
}

const NONE: WordMarks = { old: [], new: [] };

export function wordMarks(old: string, now: string): WordMarks {
  if (old === now || old.length > LONGEST || now.length > LONGEST) return NONE;
  const parts = diffWordsWithSpace(old, now, { maxEditLength: MOST_EDITS });
  if (parts === undefined) return NONE;
  const marks: { old: [number, number][]; new: [number, number][] } = { old: [], new: [] };
  let [oldAt, newAt] = [0, 0];
  for (const { value, added, removed } of parts) {
    const { length } = value;
    if (added) add(marks.new, newAt, length);
    else if (removed) add(marks.old, oldAt, length);
    if (!added) oldAt += length;
    if (!removed) newAt += length;
  }
  if (tooMuch(old, marks.old) && tooMuch(now, marks.new)) return NONE;
  return { old: withoutIndent(old, marks.old), new: withoutIndent(now, marks.new) };
}

/** How far a line is moved in is seen without a mark. */
function withoutIndent(text: string, ranges: readonly Range[]): Range[] {
  const indent = text.length - text.trimStart().length;
  return ranges.map(([from, to]): Range => [Math.max(from, indent), to]).filter(([from, to]) => from < to);
}

function add(ranges: [number, number][], at: number, length: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last[1] === at) last[1] = at + length;
  else ranges.push([at, at + length]);
}

function tooMuch(text: string, ranges: readonly Range[]): boolean {
  const marked = ranges.reduce((sum, [from, to]) => sum + text.slice(from, to).trim().length, 0);
  const whole = text.trim().length;
  return whole === 0 || marked / whole > MOST_MARKED;
}

/** What of a line is drawn: its text without what only ends it, the words that changed, and where its colours are to be found. */
import type { CodeBlock } from '../../ui/highlight/highlighter.ts';
import { partnerOf } from './pairs.ts';
import type { DiffLine, Hunk } from './parse.ts';
import type { Range } from './segments.ts';
import { type WordMarks, wordMarks } from './word-marks.ts';

/** Longer lines are cut until somebody wants them whole. */
export const LONG_LINE = 2_000;
export const CUT_LINE = 1_000;
/** So many lines are coloured together: enough for a comment that goes on, few enough for a moment. */
const BLOCK_LINES = 120;

/** Without the carriage return at its end, unless that is what changed. */
export function shownText(hunk: Hunk, line: DiffLine): string {
  if (!line.text.endsWith('\r')) return line.text;
  const bare = line.text.slice(0, -1);
  return partnerOf(hunk, line)?.text === bare ? line.text : bare;
}

const marks = new WeakMap<DiffLine, { readonly partner: DiffLine; readonly marks: WordMarks }>();

/** The words in which a changed line differs from the one it was or became. */
export function changedWords(hunk: Hunk, line: DiffLine): readonly Range[] {
  const partner = line.kind === 'same' ? undefined : partnerOf(hunk, line);
  if (partner === undefined) return [];
  const [old, now] = line.kind === 'del' ? [line, partner] : [partner, line];
  const known = marks.get(old);
  const found = known?.partner === now ? known.marks : wordMarks(shownText(hunk, old), shownText(hunk, now));
  marks.set(old, { partner: now, marks: found });
  return line.kind === 'del' ? found.old : found.new;
}

export interface Coloured {
  readonly block: CodeBlock;
  /** Which line of the block it is. */
  readonly index: number;
}

interface Blocks {
  readonly lines: number;
  readonly language: string | null;
  readonly of: ReadonlyMap<DiffLine, Coloured>;
}

const blocks = new WeakMap<Hunk, Blocks>();

/** Lines of one side of a hunk are coloured together: what began above goes on below. */
export function colouredLine(hunk: Hunk, line: DiffLine, language: string | null): Coloured | undefined {
  const known = blocks.get(hunk);
  if (known !== undefined && known.lines === hunk.lines.length && known.language === language) return known.of.get(line);
  const of = new Map<DiffLine, Coloured>();
  for (const side of ['del', 'add'] as const) {
    const lines = hunk.lines.filter(({ kind }) => kind === 'same' || kind === side);
    for (let from = 0; from < lines.length; from += BLOCK_LINES) {
      const part = lines.slice(from, from + BLOCK_LINES);
      const block: CodeBlock = { text: part.map((each) => shownText(hunk, each)).join('\n'), language };
      part.forEach((each, index) => {
        if (each.kind !== 'same' || side === 'add') of.set(each, { block, index });
      });
    }
  }
  blocks.set(hunk, { lines: hunk.lines.length, language, of });
  return of.get(line);
}

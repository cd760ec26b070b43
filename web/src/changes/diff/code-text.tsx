/** One line of code: text and spans. Nothing of it is ever read as markup. */
import { memo } from 'react';
import { cx } from '../../ui/class-names.ts';
import { useTokenLines } from '../../ui/highlight/highlighter.ts';
import '../../ui/highlight/highlight.css';
import { TOKEN_CLASSES } from '../../ui/highlight/token-lines.ts';
import type { DiffLine, Hunk } from './parse.ts';
import { type Range, type Segment, segmentsOf } from './segments.ts';
import { CUT_LINE, changedWords, colouredLine, LONG_LINE, shownText } from './shown-line.ts';

interface CodeTextProps {
  readonly hunk: Hunk;
  readonly line: DiffLine;
  readonly language: string | null;
  readonly found: readonly Range[];
  /** The find that the person stands on; null: none of this line. */
  readonly foundNow: number | null;
  /** A long line is shown whole. */
  readonly whole: boolean;
  readonly onWhole: () => void;
}

export const CodeText = memo(function CodeText({ hunk, line, language, found, foundNow, whole, onWhole }: CodeTextProps) {
  const coloured = colouredLine(hunk, line, language);
  const tokens = useTokenLines(coloured?.block ?? null)?.[coloured?.index ?? 0] ?? null;
  const all = shownText(hunk, line);
  const cut = !whole && all.length > LONG_LINE;
  const segments = segmentsOf(cut ? all.slice(0, CUT_LINE) : all, { tokens, changed: changedWords(hunk, line), found });
  let at = 0;
  return (
    <span className="code">
      {segments.map((segment) => {
        const start = at;
        at += segment.text.length;
        return (
          <Piece
            key={start}
            segment={segment}
            now={foundNow !== null && foundNow <= start && segment.found && nowEnd(found, foundNow) > start}
          />
        );
      })}
      {cut && (
        <button type="button" className="ml-2 font-sans text-small text-link" onClick={onWhole}>
          Show all {all.length.toLocaleString('en-US')} characters
        </button>
      )}
      {hunk.noNewline?.includes(line) && <span className="no-newline">no newline at the end</span>}
    </span>
  );
});

function nowEnd(found: readonly Range[], start: number): number {
  return found.find(([from]) => from === start)?.[1] ?? start;
}

function Piece({ segment, now }: { readonly segment: Segment; readonly now: boolean }) {
  const { text, token, changed, found, hidden } = segment;
  if (hidden !== null) return <span className="unseen">{hidden}</span>;
  const colour = TOKEN_CLASSES[token] || undefined;
  if (changed || found) return <mark className={cx(colour, changed && 'changed', found && 'found', now && 'found-now')}>{text}</mark>;
  return colour === undefined ? text : <span className={colour}>{text}</span>;
}

/** Lines of a diff: one below the other, or old and new side by side. */
import { MessageSquarePlus } from 'lucide-react';
import { memo } from 'react';
import { cx } from '../../ui/class-names.ts';
import { CodeText } from './code-text.tsx';
import type { DiffLine, Hunk } from './parse.ts';
import type { LineRow, PairRow, Side } from './rows.ts';
import type { Range } from './segments.ts';

export interface LineView {
  readonly language: string | null;
  /** Finds of this row. */
  readonly found: readonly { readonly side: Side; readonly range: Range }[];
  readonly foundNow: { readonly side: Side; readonly at: number } | null;
  /** Where the keyboard stands in this row. */
  readonly active: Side | null;
  /** Under the pointer. */
  readonly hovered: Side | null;
  readonly whole: boolean;
  /** Sides on which a comment can be written; none for a viewer and in commits. */
  readonly says: readonly Side[];
  readonly onSay: (side: Side, line: number) => void;
  readonly onActive: (side: Side) => void;
  readonly onWhole: () => void;
}

const NO_RANGES: readonly Range[] = [];
const MARK = { same: '', add: '+', del: '−' } as const;
const WORD = { same: 'unchanged', add: 'added', del: 'removed' } as const;

export const UnifiedLine = memo(function UnifiedLine({ row, one, ...view }: LineView & { readonly row: LineRow; readonly one: boolean }) {
  return <Half {...view} hunk={row.hunk} line={row.line} side={row.line.kind === 'del' ? 'old' : 'new'} numbers={one ? 'one' : 'both'} />;
});

export const SplitLine = memo(function SplitLine({ row, ...view }: LineView & { readonly row: PairRow }) {
  return (
    <>
      <Half {...view} hunk={row.hunk} line={row.left} side="old" numbers="own" />
      <Half {...view} hunk={row.hunk} line={row.right} side="new" numbers="own" />
    </>
  );
});

interface HalfProps extends LineView {
  readonly hunk: Hunk;
  readonly line: DiffLine | null;
  readonly side: Side;
  /** Of its own side, of both, or the one that there is. */
  readonly numbers: 'own' | 'both' | 'one';
}

function Half({ hunk, line, side, numbers, language, found, foundNow, active, hovered, whole, says, onSay, onActive, onWhole }: HalfProps) {
  if (line === null) return <div className="diff-half none" />;
  const number = side === 'old' ? line.old : line.new;
  // Of an unchanged line something is said on its new side alone.
  const sayable = says.includes(side) && !(line.kind === 'same' && side === 'old');
  const own = found.some((each) => each.side === side) ? found.filter((each) => each.side === side).map(({ range }) => range) : NO_RANGES;
  return (
    // The keyboard has its own way: j, k and c. This is the finger's and the mouse's.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      className={cx('diff-half', line.kind !== 'same' && line.kind, active === side && 'active')}
      data-side={side}
      onClick={sayable ? () => onActive(side) : undefined}
    >
      {numbers === 'both' && <span className="no">{line.old}</span>}
      <span className="no">{numbers === 'both' ? line.new : numbers === 'one' ? (line.new ?? line.old) : number}</span>
      <span className="mk" aria-hidden="true">
        {MARK[line.kind]}
      </span>
      <CodeText
        hunk={hunk}
        line={line}
        language={language}
        found={own}
        foundNow={foundNow?.side === side ? foundNow.at : null}
        whole={whole}
        onWhole={onWhole}
      />
      {sayable && number !== null && (active === side || hovered === side) && (
        <button
          type="button"
          className="say"
          tabIndex={active === side ? 0 : -1}
          aria-label={`Comment on line ${number}, ${WORD[line.kind]}`}
          onClick={(event) => {
            event.stopPropagation();
            onSay(side, number);
          }}
        >
          <MessageSquarePlus size={12} strokeWidth={1.75} aria-hidden />
        </button>
      )}
    </div>
  );
}

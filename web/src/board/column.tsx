/** A column: a list of cards of which only those in sight are drawn; while a card is on the move, what a drop here would mean. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { Ban } from 'lucide-react';
import { memo, type ReactNode, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { cards } from '../store/use-runs.ts';
import { cx } from '../ui/class-names.ts';
import { Count } from '../ui/count.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { useSignal } from '../ui/signal.ts';
import { Card } from './card.tsx';
import { guessHeight } from './card-strip.ts';
import { COLUMN_WORD, type Status } from './columns.ts';
import { drag } from './drag.ts';
import { dropColumn } from './mouse-drag.ts';
import { movesOf, whyNot } from './moves.ts';

interface ColumnProps {
  readonly status: Status;
  readonly ids: readonly string[];
  /** The run in the side panel. */
  readonly openId: string | undefined;
  readonly note?: ReactNode;
  /** On a phone the tabs are the heads. */
  readonly headless?: boolean;
  readonly className?: string;
  /** Lets the board bring a card into sight. */
  readonly onScroller: (status: Status, scroll: ((index: number) => void) | null) => void;
}

/** How a column looks while a card is on the move; the same for the tabs of a phone. */
export type DropLook = 'legal' | 'over' | 'illegal' | 'source' | null;

export function useDropLook(status: Status): DropLook {
  const now = useSignal(drag);
  if (now === null) return null;
  const card = cards.get(now.id);
  if (card === undefined) return null;
  if (card.status === status) return 'source';
  if (!card.legal_moves.includes(status)) return 'illegal';
  return now.over === status ? 'over' : 'legal';
}

export const DROP_CLASS: Record<NonNullable<DropLook>, string> = {
  legal: 'col-legal',
  over: 'col-legal col-over',
  illegal: 'col-illegal',
  source: '',
};

export const Column = memo(function Column({ status, ids, openId, note, headless = false, className, onScroller }: ColumnProps) {
  const section = useRef<HTMLElement>(null);
  const look = useDropLook(status);
  useEffect(() => (section.current === null ? undefined : dropColumn(section.current, status)), [status]);
  const word = COLUMN_WORD[status];
  return (
    <section
      ref={section}
      data-column={status}
      aria-label={`${word}, ${ids.length} ${ids.length === 1 ? 'run' : 'runs'}`}
      className={cx('col', look !== null && DROP_CLASS[look], className)}
    >
      {headless ? (
        <h2 className="sr">{word}</h2>
      ) : (
        <header className="col-head">
          <Glyph name={status} size={14} />
          <h2>{word}</h2>
          <Count value={ids.length} />
          <span className="col-note num">{note}</span>
        </header>
      )}
      <DropHint status={status} look={look} />
      <CardList status={status} ids={ids} openId={openId} headless={headless} onScroller={onScroller} />
    </section>
  );
});

function DropHint({ status, look }: { status: Status; look: DropLook }) {
  const now = useSignal(drag);
  const card = now === null ? undefined : cards.get(now.id);
  if (card === undefined) return null;
  const move = movesOf(card).find(({ to }) => to === status);
  if (look === 'illegal' && now?.over === status)
    return (
      <div className="nodrop" role="note">
        <Ban size={16} strokeWidth={1.75} className="flex-none" />
        <div>
          <b>Not a legal move</b>
          {whyNot(card, status)}
        </div>
      </div>
    );
  if (move === undefined) return null;
  return (
    <div className="drop">
      <Glyph name={status} size={16} />
      <div>
        <b>{move.title}</b>
        <span>{move.text}</span>
      </div>
    </div>
  );
}

const GAP = 4;
const PHONE_GAP = 8;

function CardList({
  status,
  ids,
  openId,
  headless,
  onScroller,
}: Pick<ColumnProps, 'status' | 'ids' | 'openId' | 'headless' | 'onScroller'>) {
  const scroller = useRef<HTMLDivElement>(null);
  const moved = useSignal(drag)?.id;
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
    estimateSize(index) {
      const card = cards.get(ids[index] ?? '');
      return card === undefined ? 90 : guessHeight(card, scroller.current?.clientWidth ?? 260);
    },
    rangeExtractor(range: Range) {
      const drawn = defaultRangeExtractor(range);
      // The card that has the focus stays drawn when it is scrolled away; so does the one on the move.
      const kept = [focusedIn(scroller.current), moved].map((id) => (id === undefined ? -1 : ids.indexOf(id))).filter((at) => at >= 0);
      const extra = kept.filter((index) => !drawn.includes(index));
      return extra.length === 0 ? drawn : [...new Set([...drawn, ...extra])].sort((a, b) => a - b);
    },
    gap: headless ? PHONE_GAP : GAP,
    overscan: 4,
    paddingStart: 1,
    paddingEnd: 6,
    initialRect: { width: 260, height: 800 },
    useFlushSync: false,
  });

  useLayoutEffect(() => {
    onScroller(status, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
    return () => onScroller(status, null);
  }, [status, virtual, onScroller]);

  return (
    <div ref={scroller} className="col-body">
      <ul className="col-list" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-setsize={ids.length}
            aria-posinset={index + 1}
            className="card-place"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Card id={ids[index] ?? ''} column={status} open={ids[index] === openId} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function focusedIn(scroller: HTMLElement | null): string | undefined {
  const focused = document.activeElement;
  return scroller?.contains(focused) === true ? focused?.closest<HTMLElement>('[data-run]')?.dataset.run : undefined;
}

/** The rows of a change, of which only those in view are in the page. */
import { defaultRangeExtractor, type Range as IndexRange, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { heightOf } from './row-height.ts';
import type { Row, Side } from './rows.ts';

export interface DiffListHandle {
  /** Puts the row at the top, or into view. */
  readonly show: (index: number, how: 'start' | 'auto' | 'center') => void;
  readonly element: () => HTMLElement | null;
}

interface DiffListProps {
  readonly handle: Ref<DiffListHandle>;
  readonly rows: readonly Row[];
  /** Index of the head of each file. */
  readonly heads: readonly number[];
  readonly width: number;
  readonly layout: 'split' | 'unified';
  /** Of numbers and mark in front of a line. */
  readonly gutter: number;
  /** Index of the file that is at the top. */
  readonly onCurrent: (file: number) => void;
  /** The person moves the list, not a key or a click elsewhere. */
  readonly onMoved: () => void;
  readonly onShown: (rows: readonly Row[]) => void;
  /** `hovered`: the side of the row that is under the pointer. */
  readonly draw: (row: Row, index: number, hovered: Side | null) => ReactNode;
  readonly classOf: (row: Row) => string;
}

const OVERSCAN = 10;
const SIDE_PX = 26;
const END_CAP_PX = 8;

export function DiffList({ handle, rows, heads, width, layout, gutter, onCurrent, onMoved, onShown, draw, classOf }: DiffListProps) {
  const scroller = useRef<HTMLElement>(null);
  const sizes = useMemo(() => ({ width: width - SIDE_PX, layout, gutter }), [width, layout, gutter]);
  const stuck = useRef(-1);
  const [hovered, setHovered] = useState<Hovered>(NOT_HOVERED);

  const virtual = useVirtualizer<HTMLElement, HTMLElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: useCallback(
      (index: number) => {
        const row = rows[index];
        return row === undefined ? 0 : heightOf(row, sizes).px;
      },
      [rows, sizes],
    ),
    overscan: OVERSCAN,
    paddingStart: 12,
    rangeExtractor: useCallback(
      (range: IndexRange) => {
        const shown = defaultRangeExtractor(range);
        // The head of the file at the top stays there while its lines go by.
        stuck.current = headAt(heads, range.startIndex);
        return stuck.current >= 0 && (shown[0] ?? 0) > stuck.current ? [stuck.current, ...shown] : shown;
      },
      [heads],
    ),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: other sizes are what has to be measured again
  useLayoutEffect(() => virtual.measure(), [sizes, virtual]);
  useKeptPlace(virtual, rows);
  useImperativeHandle(handle, () => ({
    show: (index, how) => virtual.scrollToIndex(index, { align: how }),
    element: () => scroller.current,
  }));

  const items = virtual.getVirtualItems();
  const current = rows[stuck.current]?.file ?? 0;
  useEffect(() => onCurrent(current), [current, onCurrent]);
  useEffect(() => onShown(items.flatMap(({ index }) => rows[index] ?? [])), [items, rows, onShown]);

  return (
    <section
      ref={scroller}
      aria-label="Diff"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain -outline-offset-2"
      onWheel={onMoved}
      onTouchMove={onMoved}
      onPointerDown={onMoved}
      onPointerOver={({ target }) => {
        const next = hoveredLine(target as Element);
        setHovered((now) => (now.key === next.key && now.side === next.side ? now : next));
      }}
      onPointerLeave={() => setHovered(NOT_HOVERED)}
    >
      <div className="diff-rows" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          if (row === undefined) return null;
          if (row.kind === 'file') {
            // As tall as its file, so that the head stays at the top while its lines go by, and leaves with the last of them.
            const last = virtual.measurementsCache[(heads[row.file + 1] ?? rows.length) - 1];
            const height = Math.max(0, (last?.start ?? start) - start) + END_CAP_PX;
            return (
              <div key={key} data-key={row.key} className="dr-file" style={{ top: start, height }}>
                <div className="dr-head">{draw(row, index, null)}</div>
              </div>
            );
          }
          return (
            <div
              key={key}
              ref={heightOf(row, sizes).measure ? virtual.measureElement : undefined}
              data-index={index}
              data-key={row.key}
              className={classOf(row)}
              style={{ transform: `translateY(${start}px)` }}
            >
              {draw(row, index, hovered.key === row.key ? hovered.side : null)}
            </div>
          );
        })}
      </div>
    </section>
  );
}

interface Hovered {
  readonly key: string | null;
  readonly side: Side | null;
}
const NOT_HOVERED: Hovered = { key: null, side: null };

/** One listener for all lines: only the one under the pointer has a button. */
function hoveredLine(target: Element): Hovered {
  const half = target.closest<HTMLElement>('.diff-half');
  const key = half?.closest<HTMLElement>('.dr')?.dataset.key;
  return half === null || key === undefined ? NOT_HOVERED : { key, side: half.dataset.side === 'old' ? 'old' : 'new' };
}

/** The last head at or above a row; -1 when there is none. */
function headAt(heads: readonly number[], row: number): number {
  let [low, high] = [0, heads.length - 1];
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const head = heads[middle] ?? 0;
    if (head <= row) {
      found = head;
      low = middle + 1;
    } else high = middle - 1;
  }
  return found;
}

/** When rows come or go above, what the person reads stays where it is. */
function useKeptPlace(virtual: Virtualizer<HTMLElement, HTMLElement>, rows: readonly Row[]): void {
  const place = useRef<{ key: string; file: string; offset: number } | null>(null);
  const before = useRef(rows);
  useLayoutEffect(() => {
    if (before.current !== rows) {
      before.current = rows;
      const kept = place.current;
      if (kept !== null && (virtual.scrollOffset ?? 0) > 0) {
        let index = rows.findIndex(({ key }) => key === kept.key);
        // It is gone, folded perhaps: the head of its file stands for it.
        const gone = index < 0;
        if (gone) index = rows.findIndex(({ key }) => key === kept.file);
        const start = virtual.measurementsCache[index]?.start;
        if (start !== undefined) {
          const wanted = start + (gone ? 0 : kept.offset);
          if (Math.abs(wanted - (virtual.scrollOffset ?? 0)) > 1) virtual.scrollToOffset(wanted);
        }
      }
    }
    const scroll = virtual.scrollOffset ?? 0;
    const first = virtual.getVirtualItemForOffset(scroll);
    const row = first === undefined ? undefined : rows[first.index];
    place.current =
      first === undefined || row === undefined
        ? null
        : { key: row.key, file: `${row.key.slice(0, row.key.indexOf('\0'))}\0`, offset: scroll - first.start };
  });
}

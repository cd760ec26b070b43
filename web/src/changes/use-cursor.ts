/** The line on which the keyboard stands, and the keys that move it. */
import { type RefObject, useCallback, useMemo, useState } from 'react';
import type { DiffListHandle } from './diff/diff-list.tsx';
import type { LineRow, PairRow, Row, Side } from './diff/rows.ts';

export interface Cursor {
  readonly key: string | null;
  readonly side: Side;
  readonly set: (key: string, side: Side) => void;
  readonly move: (by: 1 | -1) => void;
  readonly turn: (side: Side) => void;
  /** Where it stands, if that is a line that is shown. */
  readonly row: () => LineRow | PairRow | null;
}

export function useCursor(rows: readonly Row[], list: RefObject<DiffListHandle | null>, firstShown: () => number): Cursor {
  const [at, setAt] = useState<{ readonly key: string | null; readonly side: Side }>({ key: null, side: 'new' });
  const go = useCallback(
    (index: number, side: Side) => {
      const row = rows[index];
      if (row === undefined) return;
      setAt({ key: row.key, side });
      list.current?.show(index, 'auto');
      // Drawn only once it is in view; then its button takes the focus, so that a reader says which line it is.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          // Whoever began to write meanwhile goes on writing.
          if (document.activeElement instanceof HTMLTextAreaElement) return;
          list.current?.element()?.querySelector<HTMLElement>('.diff-half.active .say')?.focus({ preventScroll: true });
        }),
      );
    },
    [rows, list],
  );
  return useMemo(() => {
    const index = at.key === null ? -1 : rows.findIndex(({ key }) => key === at.key);
    const row = rows[index];
    return {
      ...at,
      set: (key, side) => setAt({ key, side }),
      move(by) {
        let next = index < 0 ? firstShown() - (by === 1 ? 1 : 0) : index;
        do next += by;
        while (rows[next] !== undefined && !isLine(rows[next]));
        const found = rows[next];
        if (isLine(found)) go(next, sideOf(found, at.side));
      },
      turn(side) {
        if (isLine(row)) go(index, sideOf(row, side));
      },
      row: () => (isLine(row) ? row : null),
    };
  }, [at, rows, go, firstShown]);
}

function isLine(row: Row | undefined): row is LineRow | PairRow {
  return row?.kind === 'line' || row?.kind === 'pair';
}

/** The wanted side, if something can be said there. */
function sideOf(row: LineRow | PairRow, wanted: Side): Side {
  if (row.kind === 'line') return row.line.kind === 'del' ? 'old' : 'new';
  if (row.left === row.right || row.left === null) return 'new';
  return row.right === null ? 'old' : wanted;
}

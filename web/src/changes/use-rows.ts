/** The rows of all files. Those of a file are made anew only when something of that file changed. */
import { useMemo, useRef } from 'react';
import { type FileView, fileRows, type Layout, type Row } from './diff/rows.ts';

export interface Rows {
  readonly rows: readonly Row[];
  /** Index of the head of each file. */
  readonly heads: readonly number[];
}

interface Made {
  readonly view: FileView;
  readonly layout: Layout;
  readonly index: number;
  readonly rows: readonly Row[];
}

export function useRows(views: readonly FileView[], layout: Layout): Rows {
  const made = useRef<ReadonlyMap<string, Made>>(new Map());
  return useMemo(() => {
    const next = new Map<string, Made>();
    const rows: Row[] = [];
    const heads: number[] = [];
    views.forEach((view, index) => {
      const known = made.current.get(view.file.path);
      const fits = known !== undefined && known.layout === layout && known.index === index && alike(known.view, view);
      const own = fits ? known.rows : fileRows(view, index, layout);
      next.set(view.file.path, { view, layout, index, rows: own });
      heads.push(rows.length);
      for (const row of own) rows.push(row);
    });
    made.current = next;
    return { rows, heads };
  }, [views, layout]);
}

function alike(one: FileView, other: FileView): boolean {
  return (
    one.file === other.file &&
    one.content === other.content &&
    one.folded === other.folded &&
    one.wanted === other.wanted &&
    one.comments === other.comments &&
    one.writing === other.writing
  );
}

/** Rows of figures: sortable heads, numbers to the right, a caption for those who do not see the heading. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { cx } from './class-names.ts';
import { type SortKey, type SortOrder, sortRows } from './sort-rows.ts';

export interface Column<T> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** Makes the head a button. */
  readonly sortBy?: (row: T) => SortKey;
  /** Figures: right-aligned, tabular. */
  readonly number?: boolean;
  /** A class; figures have `w-24` when it is left out, the rest shares what is left. */
  readonly width?: string;
  /** Left out under 640 px. */
  readonly wideOnly?: boolean;
  /** Takes what is left, cut with an ellipsis. */
  readonly grow?: boolean;
}

interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly sort?: SortOrder;
  /** Heads are only read aloud: the cells speak for themselves. */
  readonly hideHead?: boolean;
}

export function Table<T>({ caption, columns, rows, rowKey, sort: first, hideHead = false }: TableProps<T>) {
  const [sort, setSort] = useState(first);
  const shown = useMemo(() => {
    const by = columns.find(({ id }) => id === sort?.column)?.sortBy;
    return sort === undefined || by === undefined ? rows : sortRows(rows, by, sort.down);
  }, [columns, rows, sort]);
  return (
    <table className={cx('w-full border-collapse text-small', columns.some(({ grow }) => grow) && 'table-fixed')}>
      <caption className="sr">{caption}</caption>
      <thead className={hideHead ? 'sr' : undefined}>
        <tr>
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              aria-sort={sort?.column === column.id ? (sort.down ? 'descending' : 'ascending') : undefined}
              className={cx(
                'h-[30px] pointer-coarse:h-11 border-b border-line-subtle px-2.5 text-micro font-medium whitespace-nowrap text-fg-3 first:pl-3.5 last:pr-3.5',
                column.number ? 'text-end' : 'text-start',
                column.width ?? (column.number && 'w-24'),
                column.wideOnly && 'max-phone:hidden',
              )}
            >
              {column.sortBy === undefined ? column.head : <SortButton column={column} sort={sort} onSort={setSort} />}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <tr key={rowKey(row)} className="group hover:bg-hover">
            {columns.map((column) => (
              <td
                key={column.id}
                className={cx(
                  'h-[34px] border-b border-line-subtle px-2.5 text-fg-2 group-last:border-b-0 first:pl-3.5 last:pr-3.5 pointer-coarse:h-11',
                  column.number && 'num text-end',
                  column.wideOnly && 'max-phone:hidden',
                  column.grow && 'truncate',
                )}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SortButton<T>(props: { column: Column<T>; sort: SortOrder | undefined; onSort: (next: SortOrder) => void }) {
  const { column, sort, onSort } = props;
  const here = sort?.column === column.id;
  const Arrow = here && !sort.down ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      // Figures are asked for from the largest on, words from A on.
      onClick={() => onSort({ column: column.id, down: here ? !sort.down : column.number === true })}
      className={cx('inline-flex h-full items-center gap-1 hover:text-fg', here && 'text-fg-2', column.number && 'flex-row-reverse')}
    >
      {column.head}
      <Arrow size={11} strokeWidth={2} aria-hidden className={here ? undefined : 'invisible'} />
    </button>
  );
}

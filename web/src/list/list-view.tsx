/** Every run as a line: for what the board is too large for, and for what is archived. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, List } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { PullToRefresh } from '../app/pull-to-refresh.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { cx } from '../ui/class-names.ts';
import { Empty } from '../ui/empty.tsx';
import { whole } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { PHONE, useMedia } from '../ui/use-media.ts';
import { ListHead } from './list-head.tsx';
import { ListRow, PhoneRow, WIDE_GRID } from './list-row.tsx';
import { rangeTo, type Sort, sorted } from './list-rows.ts';
import { SelectionBar } from './selection-bar.tsx';
import { useList } from './use-list.ts';

const ROW_PX = 34;
const PHONE_ROW_PX = 62;
/** So many rows before the end the next page is asked for. */
const AHEAD = 20;

export function ListView() {
  const { query, rows, status, search, archived } = useList();
  const phone = useMedia(PHONE);
  const [sort, setSort] = useState<Sort>('newest');
  const shown = useMemo(() => sorted(rows, sort, Date.now()), [rows, sort]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const ids = useMemo(() => shown.map(({ id }) => id), [shown]);
  const chosenRows = useMemo(() => shown.filter(({ id }) => chosen.has(id)), [shown, chosen]);

  const choose = useRef((_id: string, _on: boolean, _range: boolean) => {});
  choose.current = (id, on, range) => {
    const next = new Set(chosen);
    for (const each of range ? rangeTo(ids, last.current, id) : [id]) {
      if (on) next.add(each);
      else next.delete(each);
    }
    last.current = id;
    setChosen(next);
  };
  const onChoose = useMemo(() => (id: string, on: boolean, range: boolean) => choose.current(id, on, range), []);

  function body(): ReactNode {
    if (query.isError && rows.length === 0)
      return (
        <div className="m-auto w-full max-w-md p-4">
          <Problem title="The runs could not be read" error={query.error} onRetry={() => void query.refetch()} />
        </div>
      );
    if (query.data === undefined) return <SkeletonRows label="The runs are read" />;
    if (rows.length === 0 && !query.hasNextPage) return <NoRuns archived={archived} />;
    return (
      <Rows
        rows={shown}
        phone={phone}
        chosen={chosen}
        onChoose={onChoose}
        total={query.hasNextPage ? -1 : rows.length + 1}
        heads={
          phone ? null : (
            <Heads
              sort={sort}
              onSort={setSort}
              all={shown.length > 0 && chosenRows.length === shown.length}
              onAll={(on) => setChosen(new Set(on ? ids : []))}
            />
          )
        }
        more={query.hasNextPage && !query.isFetchingNextPage && !query.isFetchNextPageError ? () => void query.fetchNextPage() : null}
      />
    );
  }

  return (
    <>
      <ListHead status={status} search={search} archived={archived} />
      <PullToRefresh onRefresh={() => query.refetch()}>{body()}</PullToRefresh>
      {query.isFetchNextPageError && (
        <div className="flex-none p-2">
          <Problem title="More runs could not be read" error={query.error} onRetry={() => void query.fetchNextPage()} />
        </div>
      )}
      {sort !== 'newest' && query.hasNextPage && (
        <p className="num flex-none border-t border-line-subtle px-3.5 py-1.5 text-small text-fg-2">
          Sorted among the newest {whole(rows.length)}; scroll to the end for more.
        </p>
      )}
      {chosenRows.length > 0 && <SelectionBar chosen={chosenRows} archived={archived} onDone={() => setChosen(new Set())} />}
    </>
  );
}

interface RowsProps {
  readonly rows: ReturnType<typeof sorted>;
  readonly phone: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (id: string, on: boolean, range: boolean) => void;
  /** With the head; -1: not known. */
  readonly total: number;
  readonly heads: ReactNode;
  /** Reads the next page; null: there is none, or it is on its way. */
  readonly more: (() => void) | null;
}

function Rows({ rows, phone, chosen, onChoose, total, heads, more }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: () => (phone ? PHONE_ROW_PX : ROW_PX),
    overscan: 12,
    useFlushSync: false,
  });
  const drawn = virtual.getVirtualItems();
  const end = drawn.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more !== null && end >= rows.length - AHEAD) more();
  }, [more, end, rows.length]);

  useShortcuts('List', [
    { keys: 'j', label: 'Next run', repeat: true, run: () => step(1) },
    { keys: 'k', label: 'Previous run', repeat: true, run: () => step(-1) },
    { keys: 'arrowdown', repeat: true, run: () => step(1) },
    { keys: 'arrowup', repeat: true, run: () => step(-1) },
    {
      keys: 'x',
      label: 'Choose the run',
      when: () => focusedIndex() !== null,
      run() {
        const row = rows[focusedIndex() ?? -1];
        if (row !== undefined) onChoose(row.id, !chosen.has(row.id), false);
      },
    },
  ]);

  function step(by: 1 | -1): void {
    const at = focusedIndex();
    const next = at === null ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
    virtual.scrollToIndex(next, { align: 'auto' });
    focusRow(scroller.current, next, 10);
  }

  return (
    <div ref={scroller} data-pull className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-y-contain">
      <table aria-label="Runs" aria-rowcount={total} className="block text-small">
        {heads}
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ key, index, start, size }) => {
            const card = rows[index];
            if (card === undefined) return null;
            return (
              <tr
                key={key}
                aria-rowindex={index + 2}
                data-row={index}
                className={cx(
                  'absolute inset-x-0 top-0 gap-x-2.5 border-b border-line-subtle px-3.5 hover:bg-hover',
                  phone ? 'flex' : WIDE_GRID,
                  chosen.has(card.id) && 'bg-active',
                )}
                style={{ height: size, transform: `translateY(${start}px)` }}
              >
                {phone ? <PhoneRow card={card} /> : <ListRow card={card} chosen={chosen.has(card.id)} onChoose={onChoose} />}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function focusedIndex(): number | null {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row;
  return row === undefined ? null : Number(row);
}

/** A row that was just scrolled to is drawn a frame or two later. */
function focusRow(scroller: HTMLElement | null, index: number, tries: number): void {
  const link = scroller?.querySelector<HTMLElement>(`[data-row="${index}"] [data-row-link]`);
  if (link != null) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(scroller, index, tries - 1));
}

interface HeadsProps {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly all: boolean;
  readonly onAll: (on: boolean) => void;
}

function Heads({ sort, onSort, all, onAll }: HeadsProps) {
  const head = (word: string, by?: Sort, end = false) => (
    <th
      scope="col"
      aria-sort={by !== undefined && sort === by ? (by === 'title' ? 'ascending' : 'descending') : undefined}
      className={cx('flex min-w-0 font-medium', end && 'justify-end')}
    >
      {by === undefined ? (
        word
      ) : (
        <button
          type="button"
          onClick={() => onSort(sort === by ? 'newest' : by)}
          className={cx('inline-flex h-[30px] items-center gap-1 hover:text-fg', sort === by && 'text-fg-2', end && 'flex-row-reverse')}
        >
          {word}
          <ArrowDown size={11} strokeWidth={2} aria-hidden className={sort === by ? undefined : 'invisible'} />
        </button>
      )}
    </th>
  );
  return (
    <thead className="sticky top-0 z-(--z-sticky) block border-b border-line-subtle bg-panel">
      <tr className={cx(WIDE_GRID, 'h-[30px] gap-x-2.5 px-3.5 text-micro text-fg-3')}>
        <td className="grid place-items-center">
          <Checkbox aria-label="Choose all that are loaded" checked={all} onChange={onAll} />
        </td>
        {head('Status')}
        {head('Title', 'title')}
        {head('Project')}
        {head('Model')}
        {head('Change', undefined, true)}
        {head('Cost', 'cost', true)}
        {head('Time', 'time', true)}
        {head('Made', 'newest', true)}
      </tr>
    </thead>
  );
}

function NoRuns({ archived }: { archived: boolean }) {
  const { status, search, project, workspace } = useSearch({ from: '/list' });
  const navigate = useNavigate({ from: '/list' });
  const narrowed = status !== undefined || search !== undefined || project !== undefined || workspace !== undefined;
  if (!narrowed)
    return (
      <Empty
        icon={List}
        title={archived ? 'Nothing is archived' : 'No run yet'}
        text={
          archived ? 'Runs that are done can be archived from the board and from this list.' : 'The button New run begins the first one.'
        }
      />
    );
  return (
    <Empty icon={List} title="No run is like that" text="The search reads titles, branches, ids and prompts.">
      <Button kind="outline" onClick={() => void navigate({ search: archived ? { archived } : {} })}>
        Take the filters away
      </Button>
    </Empty>
  );
}

/** The board: every run as a card, in the column of its status, what needs the person at the top. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { operationQuery } from '../api/query.ts';
import { PullToRefresh } from '../app/pull-to-refresh.tsx';
import { board as boardState, refreshBoard } from '../app/use-board.ts';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { cx } from '../ui/class-names.ts';
import { whole } from '../ui/format.ts';
import { Problem } from '../ui/problem.tsx';
import { useSignal } from '../ui/signal.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { PHONE, useMedia } from '../ui/use-media.ts';
import { BoardHead } from './board-head.tsx';
import { BoardTabs } from './board-tabs.tsx';
import { CardMenu } from './card-menu.tsx';
import { openCardMenu } from './card-menu-state.ts';
import { Column } from './column.tsx';
import { type Status, shownColumns } from './columns.ts';
import { drag, said } from './drag.ts';
import { FirstRun, NothingNeedsYou } from './first-run.tsx';
import type { Placement } from './placement.ts';
import { touchBoard } from './touch-drag.ts';
import { useBoardKeys } from './use-board-keys.ts';
import { usePlacement } from './use-placement.ts';
import './board.css';

const RunPanel = lazy(async () => ({ default: (await import('../run/run-panel.tsx')).RunPanel }));

export function BoardView() {
  const { run, filter } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const state = useSignal(boardState);
  const phone = useMedia(PHONE);
  const needsYou = filter === 'needs-you';
  const placement = usePlacement(needsYou);
  const setNeedsYou = (only: boolean) => void navigate({ search: (before) => ({ ...before, filter: only ? 'needs-you' : undefined }) });

  function body(): ReactNode {
    if (state.state === 'failed' && placement.all === 0)
      return (
        <div className="m-auto w-full max-w-md p-4">
          <Problem title="The board could not be read" error={state.error} onRetry={() => void refreshBoard()} />
        </div>
      );
    if (placement.all === 0 && state.state === 'loading') return <LoadingBoard phone={phone} />;
    if (placement.all === 0) return <FirstRun />;
    if (needsYou && placement.needsYou === 0) return <NothingNeedsYou onAll={() => setNeedsYou(false)} />;
    return <Columns placement={placement} phone={phone} needsYou={needsYou} onNeedsYou={setNeedsYou} openId={run} />;
  }

  return (
    <>
      {phone ? (
        <h1 className="sr">Board</h1>
      ) : (
        <BoardHead placement={placement} filter={needsYou ? 'needs-you' : 'all'} onFilter={(next) => setNeedsYou(next === 'needs-you')} />
      )}
      <MoreThanShown shown={placement.all} />
      {body()}
      {run !== undefined && <Beside id={run} onClose={() => void navigate({ search: (before) => ({ ...before, run: undefined }) })} />}
      <CardMenu />
      <Said />
    </>
  );
}

interface ColumnsProps {
  readonly placement: Placement;
  readonly phone: boolean;
  readonly needsYou: boolean;
  readonly onNeedsYou: (only: boolean) => void;
  readonly openId: string | undefined;
}

function Columns({ placement, phone, needsYou, onNeedsYou, openId }: ColumnsProps) {
  const dragging = useSignal(drag) !== null;
  const root = useRef<HTMLDivElement>(null);
  const scrollers = useRef(new Map<Status, (index: number) => void>());
  const { columns } = placement;
  const shown = useMemo(() => shownColumns(columns.cancelled.length, dragging), [columns.cancelled.length, dragging]);
  const [tab, setTab] = useState<Status>(() => firstTab(placement));
  const drawn = useMemo(() => (phone ? [tab] : shown), [phone, tab, shown]);

  const onScroller = useCallback((status: Status, scroll: ((index: number) => void) | null) => {
    if (scroll === null) scrollers.current.delete(status);
    else scrollers.current.set(status, scroll);
  }, []);
  useBoardKeys(root, columns, drawn, scrollers);
  useEffect(() => (root.current === null ? undefined : touchBoard(root.current, (id, card) => openCardMenu(id, card))), []);

  const column = (status: Status, more: { headless?: boolean; className?: string; note?: ReactNode } = {}) => (
    <Column key={status} status={status} ids={columns[status]} openId={openId} onScroller={onScroller} {...more} />
  );
  const turns = columns.review.length;
  return (
    <div ref={root} className={cx('flex min-h-0 flex-1 flex-col', dragging && 'board-dragging')}>
      {phone ? (
        <>
          <BoardTabs shown={shown} placement={placement} current={tab} onChange={setTab} needsYou={needsYou} onNeedsYou={onNeedsYou} />
          <PullToRefresh onRefresh={refreshBoard}>
            {column(tab, { headless: true, className: '!rounded-none !bg-panel pt-2.5' })}
          </PullToRefresh>
        </>
      ) : (
        <div className="board" data-board-scroll>
          {column('pending')}
          {column('running')}
          {column('review', turns > 0 ? { note: <span className="text-accent-fg">{whole(turns)} wait for you</span> } : {})}
          {column('completed')}
          <div className="board-stack">
            {column('failed')}
            {shown.includes('cancelled') &&
              column('cancelled', { className: columns.cancelled.length === 0 ? '!flex-[0_0_112px]' : '!flex-[0_0_40%]' })}
          </div>
        </div>
      )}
    </div>
  );
}

/** A phone begins with what runs, else with what waits for the person. */
function firstTab({ columns }: Placement): Status {
  return (['running', 'review', 'pending', 'failed'] as const).find((status) => columns[status].length > 0) ?? 'completed';
}

/** A run beside the board, which stays usable. */
function Beside({ id, onClose }: { id: string; onClose: () => void }) {
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>(`[data-run="${id}"] .card-link`)?.focus();
  };
  useShortcuts('Board', [{ keys: 'escape', label: 'Close the run beside the board', when: () => drag.get() === null, run: close }]);
  return (
    <aside
      aria-label="Run"
      className="absolute inset-y-0 right-0 z-(--z-sticky) flex w-[720px] max-w-full flex-col border-l border-line bg-panel shadow-dialog max-phone:border-l-0"
    >
      <Suspense>
        <RunPanel id={id} onClose={close} />
      </Suspense>
    </aside>
  );
}

/** The page holds the newest runs; with more than that it says so. */
function MoreThanShown({ shown }: { shown: number }) {
  const { data } = useQuery(operationQuery('runs.counts', {}));
  const { project, workspace } = useSearch({ from: '/' });
  const total = data === undefined ? 0 : Object.values(data.total).reduce((sum, count) => sum + count, 0);
  if (shown < 2_000 || total <= shown || project !== undefined || workspace !== undefined) return null;
  return (
    <p className="flex-none px-3.5 pb-1.5 text-small text-fg-2">
      The newest {whole(shown)} of {whole(total)} runs are here.{' '}
      <Link to="/list" className="text-link">
        The list has all of them
      </Link>
      ; archive what is done.
    </p>
  );
}

function Said() {
  return (
    <p role="status" className="sr">
      {useSignal(said)}
    </p>
  );
}

function LoadingBoard({ phone }: { phone: boolean }) {
  return (
    <div role="status" aria-label="The board is read" className={phone ? 'flex flex-col gap-2 p-3' : 'board'}>
      {[3, 4, 3, 2, 1].slice(0, phone ? 1 : 5).map((count, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places that never change
        <div key={column} className={phone ? 'contents' : 'col gap-1 px-1.5 pt-[35px]'}>
          {Array.from({ length: count }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: places that never change
            <Skeleton key={index} className="h-22 w-full !rounded-lg" />
          ))}
        </div>
      ))}
    </div>
  );
}

/**
 * The rows of a transcript, virtualised. It stands at the end and follows it until the reader scrolls up; rows that are put before or
 * measured above the reader move nothing that is seen.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, MessageSquareText } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../../keyboard/shortcuts.ts';
import { cx } from '../../ui/class-names.ts';
import { Empty } from '../../ui/empty.tsx';
import { whole } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Filter } from './filters.ts';
import { LastSaid } from './last-said.tsx';
import { rowAt } from './row-at.ts';
import { Rows } from './row-context.ts';
import { estimateRow, isTight, RowView } from './row-view.tsx';
import type { Row } from './rows.ts';
import { useOpenRows } from './use-open-rows.ts';
import { useTranscript } from './use-transcript.ts';
import './calls.css';
import './transcript.css';

/** So near to the end counts as at it, in pixels. */
const AT_END = 8;
/** Rows left before the edge of the window when more is read. */
const NEAR_EDGE = 12;

export interface TranscriptListProps {
  readonly runId: string;
  readonly root: string | null;
  /** The agent works: what has no end yet may still get one. */
  readonly live: boolean;
  readonly filter: Filter;
  /** A record to stand at; a new object stands there again. */
  readonly goal: { readonly seq: number } | null;
  /** Told when the list begins or ceases to follow the end. */
  readonly onFollowing?: (on: boolean) => void;
  readonly handle?: RefObject<FollowHandle | null>;
}

/** For a button outside of the list. */
export interface FollowHandle {
  follow(on: boolean): void;
}

export function TranscriptList({ runId, root, live, filter, goal, onFollowing, handle }: TranscriptListProps) {
  const { transcript, state } = useTranscript(runId, filter, goal?.seq);
  const scroller = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(goal === null);
  const [marked, setMarked] = useState<string | null>(null);
  const lastTop = useRef(0);
  const { rows } = state;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback((index: number) => estimateRow(rows[index] as (typeof rows)[number]), [rows]),
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: 6,
    paddingStart: 10,
    paddingEnd: 24,
    anchorTo: 'end',
    followOnAppend: following,
    scrollEndThreshold: AT_END,
  });
  const items = virtualizer.getVirtualItems();

  const follow = useCallback(
    (on: boolean) => {
      setFollowing(on);
      transcript.follow(on);
    },
    [transcript],
  );

  // The first rows of a window: at its end, or at the record that was asked for.
  const ready = state.state === 'ready' && rows.length > 0;
  const reached = useRef<object | null>(null);
  useLayoutEffect(() => {
    if (!ready) return;
    const wanted = goal ?? transcript;
    if (reached.current === wanted) return;
    if (goal === null) {
      virtualizer.scrollToEnd();
      reached.current = wanted;
      return;
    }
    const at = rowAt(rows, goal.seq, state.atStart);
    if (at === null) return;
    reached.current = wanted;
    follow(false);
    virtualizer.scrollToIndex(at, { align: 'center' });
    setMarked(rows[at]?.key ?? null);
  }, [ready, goal, rows, state.atStart, transcript, virtualizer, follow]);

  // A record outside of the window: the window goes there.
  useEffect(() => {
    const { state: now, rows: held, atStart } = transcript.state();
    if (goal !== null && now === 'ready' && rowAt(held, goal.seq, atStart) === null) void transcript.open(goal.seq);
  }, [goal, transcript]);

  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (state.state !== 'ready' || rows.length === 0 || state.growError !== null) return;
    if (first < NEAR_EDGE) void transcript.older();
    if (last > rows.length - NEAR_EDGE) void transcript.newer();
  }, [first, last, rows.length, state, transcript]);

  function onScroll(): void {
    const box = scroller.current;
    if (box === null) return;
    const fromEnd = box.scrollHeight - box.scrollTop - box.clientHeight;
    if (fromEnd <= AT_END) {
      if (!following && state.atEnd) follow(true);
    } else if (following && box.scrollTop < lastTop.current - 1) follow(false);
    lastTop.current = box.scrollTop;
  }

  const toEnd = useCallback(async () => {
    setMarked(null);
    if (!transcript.state().atEnd) await transcript.open();
    follow(true);
    requestAnimationFrame(() => virtualizer.scrollToEnd());
  }, [transcript, follow, virtualizer]);

  useEffect(() => onFollowing?.(following), [following, onFollowing]);
  useImperativeHandle(handle, () => ({ follow: (on) => (on ? void toEnd() : follow(false)) }), [toEnd, follow]);

  const { isOpen, toggle, toggleAll } = useOpenRows();
  useShortcuts('Run', [
    { keys: 'f', label: 'Follow the end', run: () => void toEnd() },
    { keys: 'e', label: 'Expand or fold all calls', run: toggleAll },
  ]);
  const context = useMemo(
    () => ({ runId, root, isOpen, toggle, marked, lastEdit: state.lastEdit, lastTodo: state.lastTodo, live, render: drawRow }),
    [runId, root, isOpen, toggle, marked, state.lastEdit, state.lastTodo, live],
  );

  if (state.state === 'failed') {
    return <Problem title="The transcript could not be read" error={state.error} onRetry={() => void transcript.retry()} className="m-4" />;
  }
  return (
    <Rows value={context}>
      <div className="relative flex min-h-0 flex-1 flex-col">
        <section
          ref={scroller}
          aria-label="Transcript"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard
          tabIndex={0}
          onScroll={onScroll}
          className="log-scroll min-h-0 flex-1 overflow-y-auto overscroll-contain -outline-offset-2"
        >
          <div className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const next = rows[item.index + 1];
              const tight = isTight(row);
              return (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  data-seq={row.seq}
                  className={cx(
                    'log-row',
                    tight && 'tight',
                    tight && next !== undefined && !isTight(next) && 'to-tight',
                    marked === row.key && 'marked',
                  )}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <div className="inner">
                    <RowView row={row} />
                  </div>
                </div>
              );
            })}
          </div>
          {state.state === 'loading' && <Loading />}
          {state.state === 'ready' && rows.length === 0 && state.reading === null && <Nothing filter={filter} live={live} />}
        </section>
        {state.growError !== null && (
          <Problem
            title={state.growError.where === 'older' ? 'Earlier messages could not be read' : 'The newest messages could not be read'}
            error={state.growError.error}
            onRetry={() => void transcript.retry()}
            className={cx('absolute inset-x-4 z-(--z-sticky)', state.growError.where === 'older' ? 'top-2' : 'bottom-2')}
          />
        )}
        {!following && ready && (
          <button
            type="button"
            onClick={() => void toEnd()}
            className="absolute bottom-2.5 left-1/2 z-(--z-sticky) inline-flex h-7 -translate-x-1/2 items-center gap-1.5 rounded-full bg-overlay px-3 text-small font-medium shadow-pop pointer-coarse:h-11"
          >
            <ArrowDown size={13} strokeWidth={1.75} aria-hidden />
            {state.unseen > 0 ? `${whole(state.unseen)} new` : 'To the end'}
          </button>
        )}
        <LastSaid rows={rows} following={following} />
      </div>
    </Rows>
  );
}

function drawRow(row: Row) {
  return <RowView key={row.key} row={row} />;
}

function Loading() {
  return (
    <div role="status" aria-label="The transcript is read" className="mx-auto flex max-w-198 flex-col gap-4 p-5">
      <Skeleton className="h-20 w-full rounded-xl" />
      <Skeleton className="ml-8 w-[52%]" />
      <Skeleton className="ml-8 w-[86%]" />
      <Skeleton className="ml-8 w-[74%]" />
      <Skeleton className="ml-8 w-[38%]" />
    </div>
  );
}

function Nothing({ filter, live }: { filter: Filter; live: boolean }) {
  if (filter !== 'all')
    return <Empty icon={MessageSquareText} title="Nothing of this kind" text="Choose another filter to see the rest." className="pt-16" />;
  return (
    <Empty
      icon={MessageSquareText}
      title={live ? 'The agent has not said anything yet' : 'Nothing was said'}
      text={live ? 'Its first words appear here as they come.' : 'The run has no transcript.'}
      className="pt-16"
    />
  );
}

/** What happened, newest first, as it happens. */
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Activity } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Select } from '../ui/field.tsx';
import { ViewHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';
import { EventRow } from './event-row.tsx';
import { EVENT_TYPES, typeWords } from './event-words.ts';
import { type FeedRow, feedRows } from './feed.ts';
import { type FeedFilter, useFeed } from './use-feed.ts';

const ACTORS = [
  ['web', 'Web page'],
  ['cli', 'Command line'],
  ['agent', 'Agents'],
  ['gluon', 'Gluon itself'],
  ['gateway', 'Gateway'],
] as const;
const NO_FILTER: FeedFilter = {};
const MINUTE_MS = 60_000;

export function ActivityView() {
  const [filter, setFilter] = useState(NO_FILTER);
  const { events, pages, reread } = useFeed(filter);
  const nowMs = useNow(MINUTE_MS);
  const rows = useMemo(() => feedRows(events, nowMs), [events, nowMs]);
  return (
    <>
      <ViewHead title="Activity" actions={<Filters filter={filter} onChange={setFilter} />} />
      {pages.error !== null && (
        <Problem title="The activity could not be read" error={pages.error} onRetry={reread} className="m-3.5 mb-0" />
      )}
      {pages.isPending ? (
        <SkeletonRows rows={8} label="Reading the activity" />
      ) : rows.length === 0 && pages.error === null ? (
        <Nothing filtered={filter !== NO_FILTER} onAll={() => setFilter(NO_FILTER)} />
      ) : (
        <Feed
          rows={rows}
          more={pages.hasNextPage}
          failed={pages.isFetchNextPageError}
          busy={pages.isFetchingNextPage}
          onMore={() => void pages.fetchNextPage()}
        />
      )}
    </>
  );
}

function Filters({ filter, onChange }: { filter: FeedFilter; onChange: (next: FeedFilter) => void }) {
  const projects = useQuery(operationQuery('projects.list', {}));
  function change(part: FeedFilter): void {
    const next = { ...filter, ...part };
    onChange(Object.values(next).every((value) => value === undefined) ? NO_FILTER : next);
  }
  return (
    <>
      <Select
        quiet
        aria-label="Project"
        className="w-36 max-phone:flex-1"
        value={filter.project ?? ''}
        onChange={({ target }) => change({ project: target.value || undefined })}
      >
        <option value="">All projects</option>
        {projects.data?.items.map(({ id, name }) => (
          <option key={id}>{name}</option>
        ))}
      </Select>
      <Select
        quiet
        aria-label="Kind of event"
        className="w-40 max-phone:flex-1"
        value={filter.type ?? ''}
        onChange={({ target }) => change({ type: target.value || undefined })}
      >
        <option value="">All events</option>
        {EVENT_TYPES.map((type) => (
          <option key={type} value={type}>
            {typeWords(type)}
          </option>
        ))}
      </Select>
      <Select
        quiet
        aria-label="By whom"
        className="w-36 max-phone:flex-1"
        value={filter.actor ?? ''}
        onChange={({ target }) => change({ actor: target.value || undefined })}
      >
        <option value="">By anyone</option>
        {ACTORS.map(([actor, label]) => (
          <option key={actor} value={actor}>
            {label}
          </option>
        ))}
      </Select>
    </>
  );
}

interface FeedProps {
  readonly rows: readonly FeedRow[];
  readonly more: boolean;
  /** The next page could not be read: it is asked for again by hand only. */
  readonly failed: boolean;
  readonly busy: boolean;
  readonly onMore: () => void;
}

function Feed({ rows, more, failed, busy, onMore }: FeedProps) {
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 35,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const atEnd = (items.at(-1)?.index ?? 0) >= rows.length - 1;
  useEffect(() => {
    if (atEnd && more && !busy && !failed) onMore();
  }, [atEnd, more, busy, failed, onMore]);
  return (
    <div
      ref={frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard
      tabIndex={0}
      role="feed"
      aria-busy={busy}
      aria-label="Events"
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <article
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={more ? -1 : rows.length}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${start}px)` }}
            >
              {row.kind === 'event' ? (
                <EventRow event={row.event} />
              ) : (
                <h2 className="px-3.5 pt-3.5 pb-1.5 text-small font-semibold">{row.label}</h2>
              )}
            </article>
          );
        })}
      </div>
      {more && (
        <div className="p-2">
          <Button size="sm" busy={busy} onClick={onMore}>
            Older events
          </Button>
        </div>
      )}
    </div>
  );
}

function Nothing({ filtered, onAll }: { filtered: boolean; onAll: () => void }) {
  return filtered ? (
    <Empty icon={Activity} title="No event fits these filters">
      <Button kind="outline" size="sm" onClick={onAll}>
        Show all events
      </Button>
    </Empty>
  ) : (
    <Empty icon={Activity} title="Nothing has happened yet" text="Whatever runs, people and Gluon itself do is listed here." />
  );
}

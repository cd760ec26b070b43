/** The events of the feed: pages from the server, and what happens while one looks. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { GluonEvent } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { useTopic } from '../live/live.ts';
import { mergeEvents } from './feed.ts';

export interface FeedFilter {
  readonly project?: string | undefined;
  readonly type?: string | undefined;
  readonly actor?: string | undefined;
}

const PAGE = 100;
/** So many are read again in place; more would be many requests at once. */
const FEW_PAGES = 3;
/** More than this that came live is read from the server again instead of kept. */
const MOST_LIVE = 1_000;
/** Which project an event belongs to only the server knows: with that filter the first page is read again, this long after an event. */
const REREAD_MS = 1_500;

export function useFeed(filter: FeedFilter) {
  const queries = useQueryClient();
  const key = useMemo(() => ['activity.list', filter] as const, [filter]);
  const pages = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => call('activity.list', { ...filter, limit: PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const [live, setLive] = useState<readonly GluonEvent[]>([]);
  const timer = useRef<number | undefined>(undefined);

  function reread(): void {
    timer.current = undefined;
    if ((pages.data?.pages.length ?? 0) <= FEW_PAGES && live.length < MOST_LIVE) return void queries.invalidateQueries({ queryKey: key });
    // From the first page on: everything older is asked for when somebody scrolls there again.
    setLive([]);
    void queries.resetQueries({ queryKey: key });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins another list
  useEffect(() => {
    setLive([]);
    return () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [key]);

  useTopic('board', {
    message(type, data) {
      if (type !== 'activity') return;
      const event = data as GluonEvent;
      if (filter.type !== undefined && event.type !== filter.type) return;
      if (filter.actor !== undefined && event.actor !== filter.actor) return;
      if (filter.project !== undefined) timer.current ??= window.setTimeout(reread, REREAD_MS);
      else if (live.length >= MOST_LIVE) reread();
      else setLive((known) => [event, ...known]);
    },
    resync: reread,
  });

  const events = useMemo(() => mergeEvents(live, pages.data?.pages.flatMap(({ items }) => items) ?? []), [live, pages.data]);
  return { events, pages, reread };
}

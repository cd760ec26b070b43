/** The runs of the list: pages by cursor, as they are now, with those that were made since on top. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { call } from '../api/call.ts';
import { useScopeProjects } from '../app/use-scope.ts';
import { STATUSES, type Status } from '../board/columns.ts';
import { cards, useCards } from '../store/use-runs.ts';
import { listRows } from './list-rows.ts';

const PAGE = 100;

export function useList() {
  const { project, status: asked, search = '', archived = false } = useSearch({ from: '/list' });
  const projects = useScopeProjects();
  const status: Status | null = STATUSES.find((each) => each === asked) ?? null;
  const input = { project, status: status === null ? undefined : [status], search: search === '' ? undefined : search, archived };

  const query = useInfiniteQuery({
    queryKey: ['runs.cards', input],
    queryFn: ({ pageParam, signal }) => call('runs.cards', { ...input, limit: PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    // A list that is opened again shows what is, not what was.
    staleTime: 0,
  });

  const read = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? null, [query.data]);
  const known = useCards();
  const rows = useMemo(
    () => listRows(read, known, { projects, status, archived, search }),
    [read, known, projects, status, archived, search],
  );
  // Live messages patch what the store holds: rows on the board tick here as well.
  useEffect(() => {
    if (read !== null) cards.put(read.filter(({ archived }) => !archived));
  }, [read]);
  return { query, rows, status, search, archived };
}

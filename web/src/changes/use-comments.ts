/** Comments on a run's change: read once, then kept fresh by live messages. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { ReviewComment } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { useTopic } from '../live/live.ts';
import type { Anchor } from './diff/rows.ts';

const keyOf = (run: string) => ['runs.comments', run] as const;
const NONE: readonly ReviewComment[] = [];

export interface Comments {
  readonly all: readonly ReviewComment[];
  /** Not sent yet. */
  readonly open: readonly ReviewComment[];
  readonly error: unknown;
  readonly reload: () => void;
  /** All of them throw `ApiFailure`; what was written stays with the caller. */
  add(anchor: Anchor, lineText: string, body: string): Promise<void>;
  edit(id: string, body: string): Promise<void>;
  remove(id: string): Promise<void>;
  send(request: { message: string; now: boolean; ids: string[] }): Promise<void>;
}

/** Longest text of a line that the server takes. */
const LINE_TEXT = 2_000;

/** `head`: the commit the run stands at; what became of each line is found out anew when it moves. */
export function useComments(run: string, head: string | null): Comments {
  const queries = useQueryClient();
  const { data, error } = useQuery({ queryKey: keyOf(run), queryFn: ({ signal }) => call('runs.comments', { run }, { signal }) });
  useTopic(`run:${run}`, {
    message: (type) => {
      if (type === 'comments_updated') again(queries, run);
    },
    resync: () => again(queries, run),
  });
  const seen = useRef(head);
  useEffect(() => {
    if (seen.current !== head) again(queries, run);
    seen.current = head;
  }, [queries, run, head]);
  const all = data?.items ?? NONE;
  return useMemo(() => {
    const put = (change: (items: readonly ReviewComment[]) => readonly ReviewComment[]) =>
      queries.setQueryData(keyOf(run), (now: { items: ReviewComment[] } | undefined) => ({ items: [...change(now?.items ?? NONE)] }));
    return {
      all,
      open: all.filter(({ state }) => state === 'open'),
      error,
      reload: () => again(queries, run),
      async add({ path, side, line }, lineText, body) {
        const added = await call('runs.add_comment', { run, path, side, line, line_text: lineText.slice(0, LINE_TEXT), body });
        put((items) => [...items.filter(({ id }) => id !== added.id), added]);
      },
      async edit(id, body) {
        const edited = await call('runs.edit_comment', { run, id, body });
        put((items) => items.map((each) => (each.id === id ? edited : each)));
      },
      async remove(id) {
        await call('runs.remove_comment', { run, id });
        put((items) => items.filter((each) => each.id !== id));
      },
      async send({ message, now, ids }) {
        const { comments } = await call('runs.send_comments', { run, now, ids, ...(message.trim() === '' ? {} : { message }) });
        const sent = new Map(comments.map((each) => [each.id, each]));
        put((items) => items.map((each) => sent.get(each.id) ?? each));
      },
    };
  }, [all, error, queries, run]);
}

function again(queries: QueryClient, run: string): void {
  void queries.invalidateQueries({ queryKey: keyOf(run) });
}

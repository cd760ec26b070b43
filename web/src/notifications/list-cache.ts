/** The notifications that the bell has read, changed by live messages. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { OperationOutput } from '../../../src/contract/operations.ts';
import type { NotificationChange } from './unread.ts';
import { withRead } from './words.ts';

export type ListPage = OperationOutput<'notifications.list'>;
export const LIST_KEY = ['notifications.list', 'bell'] as const;

export function applyToList(queries: QueryClient, change: NotificationChange): void {
  queries.setQueryData<InfiniteData<ListPage>>(LIST_KEY, (known) => {
    if (known === undefined) return known;
    const pages = known.pages.map((page, index) => {
      if ('read' in change) return { ...page, items: withRead(page.items, change.read) };
      const there = page.items.some(({ id }) => id === change.created.id);
      return index === 0 && !there ? { ...page, items: [change.created, ...page.items] } : page;
    });
    return { ...known, pages };
  });
}

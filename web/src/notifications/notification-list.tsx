/** What the bell opens: notifications, newest first, as many as are scrolled to. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Bell, CheckCheck } from 'lucide-react';
import type { Notification } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { openQuestion } from '../questions/open-question.ts';
import { questions } from '../questions/questions.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Empty } from '../ui/empty.tsx';
import { ago } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Problem } from '../ui/problem.tsx';
import { toastFailure } from '../ui/toast.tsx';
import { useNow } from '../ui/use-now.ts';
import { applyToList, LIST_KEY, type ListPage } from './list-cache.ts';
import { SystemNotifications } from './system-switch.tsx';
import { unreadCount, useUnread } from './unread.ts';
import { KINDS } from './words.ts';

const PAGE = 30;

export function NotificationList({ onClose }: { onClose: () => void }) {
  const unread = useUnread();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const list = useInfiniteQuery({
    queryKey: LIST_KEY,
    queryFn: ({ pageParam, signal }) => call('notifications.list', { limit: PAGE, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: ListPage) => last.next_cursor ?? undefined,
    refetchOnMount: 'always',
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];

  const mark = async (ids: number[] | null) => {
    try {
      const { unread_count } = await call('notifications.read', ids === null ? { all: true } : { ids });
      unreadCount.set(unread_count);
      applyToList(queries, { read: ids });
    } catch (error) {
      toastFailure('The notifications were not marked as read', error);
    }
  };
  const open = (notification: Notification) => {
    onClose();
    if (!notification.read) void mark([notification.id]);
    const question = questions.get().find((each) => each.run_id === notification.run_id);
    const asks = notification.kind === 'question_asked' || notification.kind === 'question_parked';
    if (asks && question !== undefined) openQuestion(question.id);
    else if (notification.run_id !== null) void navigate({ to: '/runs/$run', params: { run: notification.run_id } });
  };

  return (
    <div className="flex max-h-[inherit] flex-col">
      <div className="flex min-h-11 flex-none items-center gap-2 pr-2 pl-3.5">
        <h2 className="font-semibold">Notifications</h2>
        {unread > 0 && <span className="num text-small text-fg-3">{unread} unread</span>}
        {unread > 0 && (
          <Button size="sm" className="ml-auto text-fg-2" onClick={() => void mark(null)}>
            <CheckCheck size={14} strokeWidth={1.75} />
            Mark all as read
          </Button>
        )}
      </div>
      <div
        className="min-h-24 flex-1 overflow-auto overscroll-contain border-y border-line-subtle p-1"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight < 200 && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
        }}
      >
        {list.error !== null && (
          <Problem title="The notifications could not be read" error={list.error} onRetry={() => void list.refetch()} className="m-2" />
        )}
        {list.data !== undefined && items.length === 0 && (
          <Empty icon={Bell} title="Nothing has happened yet" text="Here stands when an agent asks, is done, or fails." />
        )}
        <ul>
          {items.map((notification) => (
            <li key={notification.id}>
              <Row notification={notification} onOpen={() => open(notification)} />
            </li>
          ))}
        </ul>
        {list.hasNextPage && !list.isFetchingNextPage && (
          <Button size="sm" className="mx-auto my-1 flex" onClick={() => void list.fetchNextPage()}>
            Older
          </Button>
        )}
      </div>
      <div className="flex-none px-3.5 py-2.5">
        <SystemNotifications />
      </div>
    </div>
  );
}

function Row({ notification, onOpen }: { notification: Notification; onOpen: () => void }) {
  const now = useNow(10_000);
  const { words, glyph } = KINDS[notification.kind];
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex w-full items-start gap-2.5 rounded-md px-2.5 py-2 text-left hover:bg-hover pointer-coarse:min-h-11"
    >
      <Glyph name={glyph} size={14} className="mt-[3px]" />
      <span className="grid min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={cx('min-w-0 truncate', notification.read ? 'text-fg-2' : 'font-semibold')}>
            {notification.run_title ?? words}
          </span>
          <span className="num ml-auto flex-none text-micro text-fg-3">{ago(Date.parse(notification.at), now)}</span>
        </span>
        <span className="text-small break-words text-fg-2">
          {notification.run_title !== null && `${words}. `}
          {notification.text}
        </span>
        {notification.project !== null && <span className="text-micro text-fg-3">{notification.project}</span>}
      </span>
      {!notification.read && (
        <span className="mt-[7px] size-1.5 flex-none rounded-full bg-accent">
          <span className="sr">unread</span>
        </span>
      )}
    </button>
  );
}

/** How many notifications of the one who is signed in are unread: read once, then told by live messages. */
import { useMemo } from 'react';
import type { Notification } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { session } from '../api/session.ts';
import type { LiveListener } from '../live/connection.ts';
import { useTopic } from '../live/live.ts';
import { signal, useSignal } from '../ui/signal.ts';
import { toastFailure } from '../ui/toast.tsx';

export const unreadCount = signal(0);

export function useUnread(): number {
  return useSignal(unreadCount);
}

/** What happens to notifications, for whoever shows them. `read`: ids null for all. */
export type NotificationChange = { readonly created: Notification } | { readonly read: readonly number[] | null };

/** Once, in the page's global layer. */
export function useNotifications(told: (notification: Notification) => void, changed: (change: NotificationChange) => void): void {
  useTopic(
    'notifications',
    useMemo(() => listener(told, changed), [told, changed]),
  );
}

function listener(told: (notification: Notification) => void, changed: (change: NotificationChange) => void): LiveListener {
  return {
    resync: () => void readUnread(),
    message(type, data) {
      if (type === 'notification_created') {
        const created = data as Notification;
        unreadCount.set(unreadCount.get() + 1);
        changed({ created });
        told(created);
      } else if (type === 'notifications_read') {
        const { user, ids, unread_count } = data as { user: string; ids: number[] | null; unread_count: number };
        const now = session();
        if (now.state !== 'in' || now.user.name !== user) return;
        unreadCount.set(unread_count);
        changed({ read: ids });
      }
    },
  };
}

async function readUnread(): Promise<void> {
  try {
    unreadCount.set((await call('notifications.list', { limit: 1 })).unread_count);
  } catch (error) {
    if (!(error instanceof ApiFailure) || !error.offline) toastFailure('The notifications could not be read', error);
  }
}

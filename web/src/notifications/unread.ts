/** How many notifications of the one who is signed in are unread. Read once, then told by live messages. */
import { signal, useSignal } from '../ui/signal.ts';

export const unreadCount = signal(0);

export function useUnread(): number {
  return useSignal(unreadCount);
}

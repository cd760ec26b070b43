/** The bell in the top bar: how many notifications are unread, and the way to them. */
import { Bell as BellIcon } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Button } from '../ui/button.tsx';
import { Popover } from '../ui/popover.tsx';
import { tip } from '../ui/tooltip.tsx';
import { useUnread } from './unread.ts';

const NotificationList = lazy(async () => ({ default: (await import('./notification-list.tsx')).NotificationList }));

export function Bell() {
  const unread = useUnread();
  const name = unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`;
  return (
    <Popover
      label="Notifications"
      width={380}
      trigger={(props) => (
        <Button {...props} icon aria-label={name} {...tip(name)} className="relative">
          <BellIcon size={16} strokeWidth={1.75} />
          {unread > 0 && (
            <span className="num absolute -top-[3px] -right-[5px] grid h-[15px] min-w-[15px] place-items-center rounded-full bg-accent px-1 text-[10px] leading-none font-semibold text-on-accent shadow-[0_0_0_2px_var(--canvas)]">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </Button>
      )}
    >
      {(close) => (
        <Suspense>
          <NotificationList onClose={close} />
        </Suspense>
      )}
    </Popover>
  );
}

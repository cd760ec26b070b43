/** Whether what is shown is what is: live, catching up, offline since, signed out. Offline, the page can be read and says so. */
import { WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { session, watchSession } from '../api/session.ts';
import { live, useLiveStatus } from '../live/live.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { clockTime, whole } from '../ui/format.ts';

interface Words {
  readonly text: string;
  readonly dot: string;
}

function useWords(): Words {
  const { state, offlineSinceMs, caughtUp } = useLiveStatus();
  const who = useSyncExternalStore(watchSession, session);
  if (who.state === 'out') return { text: 'Signed out', dot: 'bg-(--cancelled-solid)' };
  switch (state) {
    case 'live':
      return { text: 'Live', dot: 'breathe bg-completed-solid' };
    case 'catching_up':
      return { text: `Catching up (${whole(caughtUp)})`, dot: 'bg-warning-solid' };
    case 'offline':
      return {
        text: `Offline since ${clockTime(new Date(offlineSinceMs ?? Date.now()).toISOString())}`,
        dot: 'bg-transparent shadow-[inset_0_0_0_1.5px_var(--failed-solid)]',
      };
    case 'connecting':
    case 'stopped':
      return { text: 'Connecting', dot: 'bg-transparent shadow-[inset_0_0_0_1.5px_var(--pending-solid)]' };
    default:
      return state satisfies never;
  }
}

export function ConnectionState() {
  const { text, dot } = useWords();
  return (
    <span role="status" className="flex flex-none items-center gap-1.5 text-small whitespace-nowrap text-fg-2">
      <i className={cx('size-[7px] flex-none rounded-full', dot)} />
      <span className="num">{text}</span>
    </span>
  );
}

/** Over the view, while the server cannot be reached. */
export function OfflineBanner() {
  const { state, offlineSinceMs } = useLiveStatus();
  if (state !== 'offline' || offlineSinceMs === null) return null;
  return (
    <div className="flex min-h-9 flex-none items-center gap-2 border-b border-line-subtle bg-failed-tint px-3.5 py-1 text-small text-failed-fg">
      <WifiOff size={14} strokeWidth={1.75} className="flex-none" />
      <p className="min-w-0 flex-1">
        The server has not been reached since {clockTime(new Date(offlineSinceMs).toISOString())}. What is shown is from then; what you
        write is kept as a draft.
      </p>
      <Button kind="outline" size="sm" onClick={() => live.tryNow()}>
        Try now
      </Button>
    </div>
  );
}

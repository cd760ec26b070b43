import { WifiOff } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { clockTime } from '../ui/format.ts';
import { Logo } from '../ui/logo.tsx';
import { useSignal } from '../ui/signal.ts';
import { unreachableSince } from './unreachable-since.ts';

/** The page was started without its server: it says so, and goes on by itself when the server is there. */
export function Unreachable() {
  const since = useSignal(unreachableSince);
  if (since === null) return null;
  return (
    <main className="grid h-dvh place-items-center bg-canvas p-4">
      <div className="flex max-w-sm flex-col items-center gap-2 text-center" role="status">
        <Logo size={32} />
        <p className="mt-2 flex items-center gap-2 text-h3 font-semibold">
          <WifiOff size={16} strokeWidth={1.75} />
          Offline since {clockTime(new Date(since).toISOString())}
        </p>
        <p className="text-fg-2">
          The server cannot be reached. If it does not run, start it with <code>gluon up</code>. The page tries again by itself; drafts are
          kept.
        </p>
        <Button kind="outline" className="mt-2" onClick={() => location.reload()}>
          Try now
        </Button>
      </div>
    </main>
  );
}

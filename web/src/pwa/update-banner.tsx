import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { useSignal } from '../ui/signal.ts';
import { takeUpdate, waitingVersion } from './worker.ts';

/** Tells of a new version; nothing is loaded again before the person says so. */
export function UpdateBanner() {
  const waiting = useSignal(waitingVersion);
  const [later, setLater] = useState<ServiceWorker | null>(null);
  const [busy, setBusy] = useState(false);
  if (waiting === null || waiting === later) return null;
  return (
    <section
      aria-label="Update"
      className="fixed bottom-4 left-1/2 z-(--z-toast) flex w-max max-w-[calc(100vw-32px)] -translate-x-1/2 items-center gap-3 rounded-xl bg-overlay py-2 pr-2 pl-3.5 shadow-pop max-phone:bottom-20"
    >
      <RefreshCw size={14} strokeWidth={1.75} className="flex-none text-fg-2" />
      <p role="status" className="min-w-0">
        A new version is ready. <span className="text-fg-2 max-phone:hidden">Drafts are kept.</span>
      </p>
      <Button size="sm" onClick={() => setLater(waiting)}>
        Later
      </Button>
      <Button
        size="sm"
        kind="outline"
        busy={busy}
        onClick={() => {
          setBusy(true);
          takeUpdate();
        }}
      >
        Reload
      </Button>
    </section>
  );
}

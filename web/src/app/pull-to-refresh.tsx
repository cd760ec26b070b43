/** Pulled down at its top, a list on a phone is read again. */
import { RefreshCw } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { drag } from '../board/drag.ts';
import { cx } from '../ui/class-names.ts';

const PULL_PX = 64;
/** The list follows the finger with some resistance. */
const RESISTANCE = 0.45;

export function PullToRefresh({ onRefresh, children }: { onRefresh: () => Promise<unknown>; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [pulled, setPulled] = useState(0);
  const [busy, setBusy] = useState(false);
  const refresh = useRef(onRefresh);
  refresh.current = onRefresh;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let start: number | null = null;
    let now = 0;
    const show = (px: number): void => {
      now = px;
      setPulled(px);
    };
    const begin = (event: TouchEvent): void => {
      const scroller = event.target instanceof Element ? event.target.closest('.col-body, [data-pull]') : null;
      const [touch] = event.touches;
      start = event.touches.length === 1 && touch !== undefined && (scroller?.scrollTop ?? 0) <= 0 ? touch.clientY : null;
    };
    const move = (event: TouchEvent): void => {
      const [touch] = event.touches;
      if (start === null || touch === undefined || drag.get() !== null) {
        show(0);
        return;
      }
      const distance = (touch.clientY - start) * RESISTANCE;
      // Upwards: the person scrolls.
      if (distance <= 0 && now === 0) {
        start = null;
        return;
      }
      if (event.cancelable) event.preventDefault();
      show(Math.max(0, Math.min(distance, PULL_PX * 1.5)));
    };
    const end = (): void => {
      if (now >= PULL_PX) {
        setBusy(true);
        void refresh.current().finally(() => setBusy(false));
      }
      start = null;
      show(0);
    };
    element.addEventListener('touchstart', begin, { passive: true });
    element.addEventListener('touchmove', move, { passive: false });
    element.addEventListener('touchend', end);
    element.addEventListener('touchcancel', end);
    return () => {
      element.removeEventListener('touchstart', begin);
      element.removeEventListener('touchmove', move);
      element.removeEventListener('touchend', end);
      element.removeEventListener('touchcancel', end);
    };
  }, []);

  const height = busy ? 40 : pulled;
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col overflow-hidden">
      <div
        role="status"
        className="grid flex-none place-items-center overflow-hidden text-small text-fg-2"
        style={{ height }}
        aria-label={busy ? 'Reading again' : undefined}
      >
        {height > 0 && (
          <span className="flex items-center gap-2">
            <RefreshCw size={16} strokeWidth={1.75} className={cx(busy && 'spin')} />
            {busy ? 'Reading again' : pulled >= PULL_PX ? 'Let go to read again' : 'Pull to read again'}
          </span>
        )}
      </div>
      {children}
    </div>
  );
}

/** A card that hangs on a mouse or a finger, from the moment it is lifted until it is let go. */
import { cards } from '../store/use-runs.ts';
import type { Status } from './columns.ts';
import { type Drag, drag, letGo, moveRun, pickUp } from './drag.ts';
import { glide, leaves, lift } from './floating.ts';

export interface HeldCard {
  moveTo(x: number, y: number): void;
  /** Lets it go over a column, null: over none. From there it goes to its new place, or back to its old one. */
  drop(to: Status | null): void;
}

export function hold(id: string, element: HTMLElement, by: Drag['by'], x: number, y: number): HeldCard {
  const floating = lift(element, x, y);
  pickUp(id, by);
  let held = true;

  function end(): DOMRect {
    held = false;
    stop();
    if (drag.get()?.id === id) letGo();
    return floating.land();
  }

  // The run was moved meanwhile, by somebody else or by itself: the card goes where it is now.
  const stop = drag.watch(() => {
    if (held && drag.get()?.id !== id) leaves(id, end(), { pinned: true });
  });

  return {
    moveTo: floating.moveTo,
    drop(to) {
      if (!held) return;
      const rect = end();
      const legal = to !== null && cards.get(id)?.legal_moves.includes(to) === true;
      if (legal) leaves(id, rect, { pinned: true, focus: element.contains(document.activeElement) });
      else glide(element, rect);
      if (to !== null) void moveRun(id, to);
    },
  };
}

import { cards } from '../store/use-runs.ts';
import type { Status } from './columns.ts';
import { moveRun } from './drag.ts';
import { glide, leaves } from './floating.ts';

/** The card was let go at `rect`: from there it goes to its new place, or back to its old one. `to` is the column under it. */
export function dropCard(id: string, element: HTMLElement, to: Status | null, rect: DOMRect): void {
  const legal = to !== null && cards.get(id)?.legal_moves.includes(to) === true;
  if (legal) leaves(id, rect, { pinned: true, focus: element.contains(document.activeElement) });
  else glide(element, rect);
  if (to !== null) void moveRun(id, to);
}

/** Dragging with a finger: held for a moment the card lifts; let go without moving, it opens its menu. Browsers have no drag and drop for fingers. */
import type { Status } from './columns.ts';
import { canMove, drag, holdOver } from './drag.ts';
import { type HeldCard, hold } from './held-card.ts';

const HOLD_MS = 350;
/** A finger is never quite still. */
const STILL_PX = 10;
const EDGE_PX = 44;
const EDGE_STEP_PX = 14;

let finger = false;
addEventListener('pointerdown', (event) => (finger = event.pointerType === 'touch'), { capture: true, passive: true });

/** The last that touched the page was a finger. */
export function usesFinger(): boolean {
  return finger;
}

interface Touched {
  readonly id: string;
  readonly card: HTMLElement;
  readonly x: number;
  readonly y: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** It was held long enough; a card that cannot be moved is not lifted. */
  long: boolean;
  held: HeldCard | null;
  moved: boolean;
}

/** Listens on the board; returns what ends that. `onHeld` is told a card that was held and let go in its place. */
export function touchBoard(board: HTMLElement, onHeld: (id: string, card: HTMLElement) => void): () => void {
  let now: Touched | null = null;

  function end(): void {
    clearTimeout(now?.timer);
    now = null;
  }

  function begin(event: TouchEvent): void {
    const [touch] = event.touches;
    const card = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-run]') : null;
    const id = card?.dataset.run;
    if (event.touches.length !== 1 || touch === undefined || card === null || id === undefined || drag.get() !== null) {
      cancel();
      return;
    }
    if (event.target instanceof Element && event.target.closest('button') !== null) return;
    const touched: Touched = { id, card, x: touch.clientX, y: touch.clientY, timer: undefined, long: false, held: null, moved: false };
    touched.timer = setTimeout(() => {
      if (!card.isConnected) return;
      navigator.vibrate?.(10);
      touched.long = true;
      if (canMove(id)) touched.held = hold(id, card, 'touch', touched.x, touched.y);
    }, HOLD_MS);
    now = touched;
  }

  function move(event: TouchEvent): void {
    const [touch] = event.touches;
    if (now === null || touch === undefined) return;
    const far = Math.hypot(touch.clientX - now.x, touch.clientY - now.y) > STILL_PX;
    // Moved before it was held: the person scrolls.
    if (!now.long) {
      if (far) end();
      return;
    }
    event.preventDefault();
    now.moved ||= far;
    now.held?.moveTo(touch.clientX, touch.clientY);
    holdOver(columnAt(touch.clientX, touch.clientY));
    scrollNear(board, touch.clientX);
  }

  function finish(event: TouchEvent): void {
    if (now === null || !now.long) {
      end();
      return;
    }
    // Otherwise a click on the card follows.
    event.preventDefault();
    const { id, card, held, moved } = now;
    held?.drop(moved ? (drag.get()?.over ?? null) : null);
    end();
    if (!moved) onHeld(id, card);
  }

  function cancel(): void {
    now?.held?.drop(null);
    end();
  }

  /** The long press is ours. */
  function context(event: Event): void {
    if (now !== null || drag.get()?.by === 'touch') event.preventDefault();
  }

  board.addEventListener('touchstart', begin, { passive: true });
  // Not passive: while a card hangs on the finger nothing scrolls under it.
  board.addEventListener('touchmove', move, { passive: false });
  board.addEventListener('touchend', finish, { passive: false });
  board.addEventListener('touchcancel', cancel);
  board.addEventListener('contextmenu', context);
  return () => {
    cancel();
    board.removeEventListener('touchstart', begin);
    board.removeEventListener('touchmove', move);
    board.removeEventListener('touchend', finish);
    board.removeEventListener('touchcancel', cancel);
    board.removeEventListener('contextmenu', context);
  };
}

function columnAt(x: number, y: number): Status | null {
  const column = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-column]');
  return (column?.dataset.column as Status | undefined) ?? null;
}

function scrollNear(board: HTMLElement, x: number): void {
  const scroller = board.querySelector('[data-board-scroll]') ?? board;
  const { left, right } = scroller.getBoundingClientRect();
  if (x < left + EDGE_PX) scroller.scrollLeft -= EDGE_STEP_PX;
  else if (x > right - EDGE_PX) scroller.scrollLeft += EDGE_STEP_PX;
}

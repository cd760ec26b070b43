/** Cards that leave the ground: one that hangs on the pointer, one that glides to its new place. Copies; the cards themselves stay in the lists. */

const GLIDE_MS = 180;

export interface Floating {
  moveTo(x: number, y: number): void;
  /** Takes the copy away; where it was. */
  land(): DOMRect;
}

function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function copyOf(card: HTMLElement, { left, top, width, height }: DOMRect): HTMLElement {
  const copy = card.cloneNode(true) as HTMLElement;
  for (const named of copy.querySelectorAll('[id]')) named.removeAttribute('id');
  copy.inert = true;
  copy.ariaHidden = 'true';
  copy.querySelector('.card-more')?.remove();
  copy.classList.remove('card-ghost');
  copy.classList.add('card-floating');
  Object.assign(copy.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  document.body.append(copy);
  return copy;
}

/** Lifts a copy of the card off the board; it keeps to the point at which it was taken. */
export function lift(card: HTMLElement, x: number, y: number): Floating {
  const from = card.getBoundingClientRect();
  const copy = copyOf(card, from);
  copy.classList.add('card-lifted');
  return {
    moveTo(toX, toY) {
      copy.style.translate = `${toX - x}px ${toY - y}px`;
    },
    land() {
      const rect = copy.getBoundingClientRect();
      copy.remove();
      return rect;
    },
  };
}

/** Lets the card come from where it was to where it is, once. */
export function glide(card: HTMLElement, from: DOMRect): void {
  if (calm()) return;
  const to = card.getBoundingClientRect();
  if (to.width === 0 || (Math.abs(to.left - from.left) < 2 && Math.abs(to.top - from.top) < 2)) return;
  const copy = copyOf(card, to);
  card.style.visibility = 'hidden';
  const done = (): void => {
    copy.remove();
    card.style.visibility = '';
  };
  const flight = copy.animate([{ translate: `${from.left - to.left}px ${from.top - to.top}px` }, { translate: '0 0' }], {
    duration: GLIDE_MS,
    easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
  });
  flight.onfinish = done;
  flight.oncancel = done;
}

const KEPT_MS = 1_000;
const left = new Map<string, { readonly rect: DOMRect; readonly at: number; readonly pinned: boolean; readonly focus: boolean }>();

/** A card goes to another column: remembers from where, and whether it had the focus. `pinned`: where the pointer let it go. */
export function leaves(id: string, rect: DOMRect, options: { pinned?: boolean; focus?: boolean } = {}): void {
  const known = left.get(id);
  const rested = known?.pinned === true && performance.now() - known.at < KEPT_MS ? known : null;
  left.set(id, {
    rect: rested?.rect ?? rect,
    at: performance.now(),
    pinned: options.pinned === true,
    focus: options.focus === true || rested?.focus === true,
  });
}

/** A card stands in a column: glides there from where it left, and has the focus again. */
export function arrives(id: string, card: HTMLElement, focus: () => void): void {
  const from = left.get(id);
  if (from === undefined) return;
  left.delete(id);
  if (performance.now() - from.at > KEPT_MS) return;
  glide(card, from.rect);
  if (from.focus) focus();
}

/** Where a small box goes that belongs to another one: beside it, inside the window. Pixels of the window. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 6;
const EDGE = 8;

/** On the wanted side when it fits there, else on the opposite one; shifted along the other axis until it is inside. */
export function placeBeside(
  anchor: Box,
  size: { readonly width: number; readonly height: number },
  view: { readonly width: number; readonly height: number },
  side: 'top' | 'right',
): { left: number; top: number } {
  const middleLeft = anchor.left + anchor.width / 2 - size.width / 2;
  const middleTop = anchor.top + anchor.height / 2 - size.height / 2;
  const right = anchor.left + anchor.width + GAP;
  const above = anchor.top - size.height - GAP;
  const left = side === 'top' ? middleLeft : right + size.width <= view.width - EDGE ? right : anchor.left - size.width - GAP;
  const top = side === 'right' ? middleTop : above >= EDGE ? above : anchor.top + anchor.height + GAP;
  return { left: inside(left, size.width, view.width), top: inside(top, size.height, view.height) };
}

function inside(at: number, size: number, view: number): number {
  return Math.round(Math.max(EDGE, Math.min(at, view - EDGE - size)));
}

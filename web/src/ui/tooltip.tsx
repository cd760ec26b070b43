/**
 * Tooltips. One layer for the whole page follows the pointer and the focus and shows what an element carries in `data-tip`:
 * a thousand cards with tooltips cost a thousand attributes, not a thousand components. A tooltip adds; it never is the only name of a thing.
 */
import { useEffect, useRef, useState } from 'react';
import { placeBeside } from './place.ts';

const OPENS_AFTER_MS = 450;

/** Gives an element a tooltip: `<span {...tip('gluon-task/91d3be07')}>`. Empty or missing text: none. */
export function tip(text: string | null | undefined, side: 'top' | 'right' = 'top'): { 'data-tip'?: string; 'data-tip-side'?: 'right' } {
  if (text === null || text === undefined || text === '') return {};
  return side === 'right' ? { 'data-tip': text, 'data-tip-side': 'right' } : { 'data-tip': text };
}

/** The layer; once in the page. */
export function Tooltips() {
  const [owner, setOwner] = useState<HTMLElement | null>(null);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next: HTMLElement | null = null;
    const show = (target: EventTarget | null, wait: number) => {
      const found = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
      if (found === next) return;
      next = found;
      clearTimeout(timer);
      if (found === null) setOwner(null);
      else timer = setTimeout(() => setOwner(found.isConnected ? found : null), wait);
    };
    const over = (event: PointerEvent) => {
      // The tooltip itself may be entered, to read or copy it.
      if (event.pointerType !== 'touch' && !box.current?.contains(event.target as Node)) show(event.target, OPENS_AFTER_MS);
    };
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event.target, 0);
    };
    const hide = () => show(null, 0);
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide();
    const events = { pointerover: over, focusin: focus, focusout: hide, pointerdown: hide, keydown: key, scroll: hide } as const;
    for (const [name, listener] of Object.entries(events))
      addEventListener(name, listener as EventListener, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of Object.entries(events)) removeEventListener(name, listener as EventListener, { capture: true });
    };
  }, []);

  useEffect(() => {
    const element = box.current;
    if (owner === null || element === null) return;
    element.showPopover();
    const side = owner.dataset.tipSide === 'right' ? 'right' : 'top';
    const { left, top } = placeBeside(
      owner.getBoundingClientRect(),
      element.getBoundingClientRect(),
      { width: innerWidth, height: innerHeight },
      side,
    );
    element.style.translate = `${left}px ${top}px`;
    return () => element.hidePopover();
  }, [owner]);

  return (
    <div
      ref={box}
      role="tooltip"
      // In the browser's top layer: above an open dialog as well.
      popover="manual"
      className="pointer-events-auto fixed inset-auto top-0 left-0 m-0 max-w-80 rounded-md border-0 bg-ink px-2 py-1 text-small break-words whitespace-pre-line text-on-ink shadow-pop"
    >
      {owner?.dataset.tip}
    </div>
  );
}

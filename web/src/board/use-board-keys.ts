/** The board by keyboard: from card to card, open, and the moves that a mouse makes by dragging. */
import { useNavigate } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';
import { isMac, useShortcuts } from '../keyboard/shortcuts.ts';
import { cards } from '../store/use-runs.ts';
import { openCardMenu } from './card-menu-state.ts';
import { COLUMN_WORD, type Status } from './columns.ts';
import { canMove, drag, holdOver, letGo, moveRun, pickUp, said } from './drag.ts';
import { leaves } from './floating.ts';
import { movesOf, nextTarget } from './moves.ts';
import { type Columns, type Direction, neighbour, type Place, placeOf } from './neighbour.ts';

function focusedCard(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-run]') ?? null;
}

export function useBoardKeys(
  root: RefObject<HTMLElement | null>,
  columns: Columns,
  shown: readonly Status[],
  scrollers: RefObject<Map<Status, (index: number) => void>>,
): void {
  const navigate = useNavigate();
  const latest = useRef({ columns, shown });
  latest.current = { columns, shown };

  /** The card that is being scrolled to: a key that is held goes on from there. */
  const wanted = useRef<string | null>(null);

  function focus({ column, index }: Place): void {
    const id = latest.current.columns[column][index];
    if (id === undefined) return;
    wanted.current = id;
    scrollers.current.get(column)?.(index);
    focusWhenDrawn(root.current, wanted, id, MOST_FRAMES);
  }

  function go(key: Direction): void {
    const id = wanted.current ?? focusedCard()?.dataset.run;
    const now = latest.current;
    const from = id === undefined ? null : placeOf(now.columns, now.shown, id);
    const column = now.shown.find((status) => now.columns[status].length > 0);
    if (from !== null) focus(neighbour(now.columns, now.shown, from, key));
    else if (column !== undefined) focus({ column, index: 0 });
  }

  useShortcuts('Board', [
    { keys: 'j', label: 'Next card', repeat: true, run: () => go('down') },
    { keys: 'k', label: 'Previous card', repeat: true, run: () => go('up') },
    { keys: 'arrowdown', repeat: true, run: () => go('down') },
    { keys: 'arrowup', repeat: true, run: () => go('up') },
    { keys: 'arrowright', run: () => go('right') },
    { keys: 'arrowleft', run: () => go('left') },
    { keys: 'enter', label: 'Open the run', when: () => false, run: () => {} },
    { keys: 'mod+enter', label: 'Open it beside the board', when: () => false, run: () => {} },
    { keys: 'space', label: 'Pick up the card; arrows choose, Enter drops', when: () => false, run: () => {} },
    {
      keys: 'm',
      label: 'Move to…',
      when: () => focusedCard() !== null,
      run() {
        const card = focusedCard();
        if (card?.dataset.run !== undefined) openCardMenu(card.dataset.run, card.querySelector('a') ?? card);
      },
    },
  ]);

  const act = useRef<(event: KeyboardEvent, id: string, card: HTMLElement) => boolean>(() => false);
  act.current = (event, id, card) => {
    if (drag.get()?.by === 'keys') return steer(event, id, card, latest.current.shown);
    switch (event.key) {
      case ' ':
        return lift(id);
      case 'Enter':
        if (isMac ? event.metaKey : event.ctrlKey) void navigate({ to: '/', search: (before) => ({ ...before, run: id }) });
        else void navigate({ to: '/runs/$run', params: { run: id } });
        return true;
      case 'ArrowDown':
        go('down');
        return true;
      case 'ArrowUp':
        go('up');
        return true;
      case 'ArrowRight':
        go('right');
        return true;
      case 'ArrowLeft':
        go('left');
        return true;
      default:
        return false;
    }
  };

  // On the board itself: the page's own shortcuts leave keys to a link that has the focus.
  useEffect(() => {
    const board = root.current;
    if (board === null) return;
    const pressed = (event: KeyboardEvent): void => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>('.card-link') : null;
      const card = link?.closest<HTMLElement>('[data-run]');
      if (card?.dataset.run === undefined || event.altKey || event.isComposing) return;
      if (act.current(event, card.dataset.run, card)) event.preventDefault();
    };
    const left = (event: FocusEvent): void => {
      // A card that is held by keys and loses the focus goes back: nobody could drop it any more.
      const now = drag.get();
      if (now?.by === 'keys' && event.target instanceof Element && event.target.isConnected) drop(null);
    };
    board.addEventListener('keydown', pressed);
    board.addEventListener('focusout', left);
    return () => {
      board.removeEventListener('keydown', pressed);
      board.removeEventListener('focusout', left);
      if (drag.get()?.by === 'keys') letGo();
    };
  }, [root]);
}

function lift(id: string): boolean {
  const card = cards.get(id);
  if (card === undefined) return false;
  if (!canMove(id)) {
    said.set(`${card.title} cannot be moved.`);
    return true;
  }
  pickUp(id, 'keys');
  said.set(`${card.title} is picked up. Left and right arrow choose a column, Enter drops, Escape returns it.`);
  return true;
}

function steer(event: KeyboardEvent, id: string, element: HTMLElement, shown: readonly Status[]): boolean {
  const card = cards.get(id);
  const over = drag.get()?.over ?? null;
  if (card === undefined || over === null) return false;
  switch (event.key) {
    case 'ArrowRight':
    case 'ArrowLeft': {
      const next = nextTarget(shown, card, over, event.key === 'ArrowRight' ? 1 : -1);
      holdOver(next);
      const move = movesOf(card).find(({ to }) => to === next);
      said.set(move === undefined ? `${COLUMN_WORD[next]}: where it was.` : `${COLUMN_WORD[next]}. ${move.title}: ${move.text}`);
      return true;
    }
    case 'Enter':
    case ' ':
      drop(over === card.status ? null : over, id, element);
      return true;
    case 'Escape':
      drop(null);
      return true;
    default:
      // Nothing else while a card is held: it would be dropped by surprise.
      return event.key.startsWith('Arrow');
  }
}

function drop(to: Status | null, id?: string, element?: HTMLElement): void {
  letGo();
  if (to === null || id === undefined || element === undefined) {
    said.set('Back where it was.');
    return;
  }
  leaves(id, element.getBoundingClientRect(), { focus: true });
  void moveRun(id, to);
}

const MOST_FRAMES = 20;

/** A card that was just scrolled to is drawn a frame or two later. */
function focusWhenDrawn(root: HTMLElement | null, wanted: RefObject<string | null>, id: string, frames: number): void {
  // Another one is wanted by now.
  if (wanted.current !== id) return;
  const link = root?.querySelector<HTMLElement>(`[data-run="${id}"] .card-link`);
  if (link == null && frames > 0) {
    requestAnimationFrame(() => focusWhenDrawn(root, wanted, id, frames - 1));
    return;
  }
  wanted.current = null;
  link?.focus();
}

/** Which card is on the move, and where it is held; and the moves that the server has not answered for. */
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { cards } from '../store/use-runs.ts';
import { signal } from '../ui/signal.ts';
import { toast, toastFailure } from '../ui/toast.tsx';
import { COLUMN_WORD, type Status } from './columns.ts';
import { whyNot } from './moves.ts';

export interface Drag {
  readonly id: string;
  readonly by: 'mouse' | 'touch' | 'keys';
  /** The column under it; null: none. */
  readonly over: Status | null;
}

export const drag = signal<Drag | null>(null);
/** Cards that stand already where they are going. */
export const moving = signal<ReadonlyMap<string, Status>>(new Map());
/** For a screen reader: what happens to the card on the move. */
export const said = signal('');

/** Whether this person may move the card anywhere. The server decides; here it is only not offered. */
export function canMove(id: string): boolean {
  const who = session();
  if (who.state === 'in' && who.user.role === 'viewer') return false;
  return (cards.get(id)?.legal_moves.length ?? 0) > 0;
}

export function pickUp(id: string, by: Drag['by']): void {
  const card = cards.get(id);
  if (card === undefined) return;
  drag.set({ id, by, over: by === 'keys' ? card.status : null });
}

export function holdOver(over: Status | null): void {
  const now = drag.get();
  if (now !== null && now.over !== over) drag.set({ ...now, over });
}

export function letGo(): void {
  drag.set(null);
}

/**
 * Moves a run; until the server answers, the card stands in its new column. A refused move brings it back and leaves a toast with the
 * server's sentence: of two people who move one card, one is told what the other did. False: it was refused.
 */
export async function moveRun(id: string, to: Status): Promise<boolean> {
  const card = cards.get(id);
  if (card === undefined || card.status === to) return false;
  if (!card.legal_moves.includes(to)) {
    refuse(card, whyNot(card, to));
    return false;
  }
  moving.set(new Map(moving.get()).set(id, to));
  try {
    const run = await call('runs.move', { run: id, status: to, expected: card.status });
    cards.put([run]);
    said.set(`${card.title} is in ${COLUMN_WORD[run.status]}.`);
    return true;
  } catch (error) {
    said.set(`${card.title} was not moved.`);
    toastFailure(`Not moved: ${card.title}`, error);
    return false;
  } finally {
    const rest = new Map(moving.get());
    rest.delete(id);
    moving.set(rest);
  }
}

function refuse(card: RunCard, why: string): void {
  said.set(`${card.title} was not moved. ${why}`);
  toast({ kind: 'refused', title: `Not moved: ${card.title}`, text: why });
}

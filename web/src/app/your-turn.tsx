/** How many runs wait for the person: in the title of the page, and wherever the board is named. */
import { useEffect, useMemo } from 'react';
import { needsYou } from '../board/placement.ts';
import { useCards } from '../store/use-runs.ts';
import { signal, useSignal } from '../ui/signal.ts';

const yourTurn = signal(0);

export function useYourTurn(): number {
  return useSignal(yourTurn);
}

/** Counts once for the whole page; draws nothing. */
export function YourTurn() {
  const cards = useCards();
  const count = useMemo(() => cards.filter(needsYou).length, [cards]);
  useEffect(() => {
    yourTurn.set(count);
    document.title = count === 0 ? 'Gluon' : `(${count}) Gluon`;
  }, [count]);
  return null;
}

import { useRef } from 'react';
import { useScopeProjects } from '../app/use-scope.ts';
import { useCards } from '../store/use-runs.ts';
import { useSignal } from '../ui/signal.ts';
import { moving } from './drag.ts';
import { type Placement, place } from './placement.ts';

/** Which card stands where, in the scope of the address. Columns in which nothing changed stay the same arrays. */
export function usePlacement(onlyNeedsYou: boolean): Placement {
  const cards = useCards();
  const projects = useScopeProjects();
  const onTheMove = useSignal(moving);
  const last = useRef<{ readonly of: readonly unknown[]; readonly placement: Placement }>(undefined);
  const of = [cards, projects, onTheMove, onlyNeedsYou];
  if (last.current === undefined || last.current.of.some((each, index) => each !== of[index]))
    last.current = { of, placement: place(cards, { projects, needsYou: onlyNeedsYou }, onTheMove, last.current?.placement) };
  return last.current.placement;
}

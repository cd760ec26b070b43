import { signal } from '../ui/signal.ts';

/** The card whose menu is open, and what it stands beside. */
export const cardMenu = signal<{ readonly id: string; readonly anchor: Element } | null>(null);

export function openCardMenu(id: string, anchor: Element): void {
  cardMenu.set({ id, anchor });
}

import { signal } from '../ui/signal.ts';

/** What the palette begins with; null: closed. */
export const palette = signal<string | null>(null);

/** Opens the command palette. */
export function openPalette(text = ''): void {
  palette.set(text);
}

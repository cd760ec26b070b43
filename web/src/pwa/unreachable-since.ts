import { signal } from '../ui/signal.ts';

/** When the page began to try in vain to reach its server, before it was ever there; null: it has not. Milliseconds since 1970. */
export const unreachableSince = signal<number | null>(null);

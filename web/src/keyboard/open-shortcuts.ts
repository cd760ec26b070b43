import { signal } from '../ui/signal.ts';

/** Whether the list of shortcuts is shown. */
export const shortcutList = signal(false);

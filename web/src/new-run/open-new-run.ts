import { signal } from '../ui/signal.ts';

/** What the dialog begins with, instead of the draft that was kept. */
export interface NewRunPrefill {
  /** Name of the project. */
  readonly project?: string;
  readonly prompt?: string;
}

/** Null: closed. */
export const newRun = signal<NewRunPrefill | null>(null);

/** Opens the dialog `New run`. */
export function openNewRun(prefill: NewRunPrefill = {}): void {
  newRun.set(prefill);
}

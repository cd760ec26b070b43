import { signal } from '../ui/signal.ts';

/** The question that the dialog shows; null: none. */
export const shownQuestion = signal<string | null>(null);

/** Opens the dialog with this question, over whatever is shown. */
export function openQuestion(id: string): void {
  shownQuestion.set(id);
}

import { call } from '../api/call.ts';
import { toast, toastFailure } from '../ui/toast.tsx';
import { openQuestion } from './open-question.ts';

/** Opens the question that waits longest; those that parked their run come last. */
export async function answerOldest(): Promise<void> {
  try {
    const { items } = await call('questions.list', { parked: true });
    const oldest = items.find(({ state }) => state === 'open') ?? items[0];
    if (oldest === undefined) toast({ kind: 'info', title: 'No agent waits for an answer' });
    else openQuestion(oldest.id);
  } catch (error) {
    toastFailure('The questions could not be read', error);
  }
}

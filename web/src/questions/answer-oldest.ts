import { toast, toastFailure } from '../ui/toast.tsx';
import { openQuestion } from './open-question.ts';
import { questions, readQuestions } from './questions.ts';

/** Opens the question that waits longest; those that parked their run come last. */
export async function answerOldest(): Promise<void> {
  try {
    if (questions.get().length === 0) await readQuestions();
    const [oldest] = questions.get();
    if (oldest === undefined) toast({ kind: 'info', title: 'No agent waits for an answer' });
    else openQuestion(oldest.id);
  } catch (error) {
    toastFailure('The questions could not be read', error);
  }
}

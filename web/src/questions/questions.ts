/** The questions of all agents, on every page: read once, followed live, told of when they are new. */
import { useMemo } from 'react';
import type { Question } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import type { LiveListener } from '../live/connection.ts';
import { useTopic } from '../live/live.ts';
import { signal } from '../ui/signal.ts';
import { toast, toastFailure } from '../ui/toast.tsx';
import { openQuestion, shownQuestion } from './open-question.ts';
import { ordered, withQuestion } from './queue.ts';

export const questions = signal<readonly Question[]>([]);

/** Reads all questions that can be answered. Throws `ApiFailure`. */
export async function readQuestions(): Promise<void> {
  const meanwhile: Question[] = [];
  readings.add(meanwhile);
  try {
    const { items } = await call('questions.list', { parked: true });
    // What came while it was read is newer than the answer.
    questions.set(meanwhile.reduce(withQuestion, ordered(items)));
  } finally {
    readings.delete(meanwhile);
  }
}

const readings = new Set<Question[]>();

export function putQuestion(changed: Question): void {
  for (const meanwhile of readings) meanwhile.push(changed);
  questions.set(withQuestion(questions.get(), changed));
}

/** Ids that this page is answering: that they are answered is no news here. */
const answering = new Set<string>();

/** Throws `ApiFailure`. */
export async function sendAnswers(question: Question, answers: Record<string, string[]>): Promise<void> {
  answering.add(question.id);
  try {
    putQuestion(await call('questions.answer', { question: question.id, answers }));
  } catch (error) {
    answering.delete(question.id);
    throw error;
  }
}

/** Once, in the page's global layer. */
export function useQuestions(): void {
  useTopic('board', useMemo(listener, []));
}

function listener(): LiveListener {
  return {
    resync() {
      readQuestions().catch((error: unknown) => {
        if (!(error instanceof ApiFailure) || !error.offline) toastFailure('The questions could not be read', error);
      });
    },
    message(type, data) {
      if (type === 'pending_questions') asked(data as Question);
      else if (type === 'question_answered' || type === 'questions_expired') settled(data as Question);
      else if (type === 'run_removed') {
        const { id } = data as { id: string };
        questions.set(questions.get().filter(({ run_id }) => run_id !== id));
      }
    },
  };
}

function asked(question: Question): void {
  putQuestion(question);
  // Whoever answers one already finds the next one behind it.
  if (shownQuestion.get() !== null) return;
  toast({
    kind: 'you',
    title: `Input required: ${question.run_title}`,
    text: question.items[0]?.question ?? 'The agent asks.',
    action: { label: 'Answer', run: () => openQuestion(question.id) },
  });
}

function settled(question: Question): void {
  const known = questions.get().some(({ id }) => id === question.id);
  putQuestion(question);
  if (answering.delete(question.id) || shownQuestion.get() !== question.id || question.state === 'parked' || !known) return;
  shownQuestion.set(null);
  const who = question.answered_by ?? 'somebody';
  const answer = Object.values(question.answers ?? {})
    .flat()
    .join(', ');
  toast(
    question.state === 'answered'
      ? { kind: 'info', title: `Answered meanwhile by ${who}`, text: `${question.run_title}: ${answer}` }
      : { kind: 'info', title: 'The question is over', text: `${question.run_title}: the agent does not wait for an answer any more.` },
  );
}

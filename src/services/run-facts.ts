/** What cards and runs show beside the row: unread mark, question, last activity. A few reads for a whole list. */
import type { Run } from '../contract/resources.ts';
import type { RunRow, StoreReads } from '../ports/store.ts';
import type { AnswerableQuestion } from '../ports/web-store.ts';
import { NO_FACTS, type RunFacts } from './render-run.ts';

/** `user` empty: for nobody in particular, to whom all news is unread. */
export async function factsOfRuns(store: StoreReads, runs: readonly RunRow[], user: string): Promise<(id: string) => RunFacts> {
  const asking = runs.filter(mayAsk).map((run) => run.id);
  const [cards, questions] = await Promise.all([
    store.cardFacts(
      user,
      runs.map((run) => run.id),
    ),
    store.answerable(asking, asking.length * MOST_QUESTIONS),
  ]);
  const cardOf = new Map(cards.map(({ run_id, ...facts }) => [run_id, facts]));
  const questionOf = new Map<string, Run['open_question']>();
  // Oldest first: the first one of a run stays.
  for (const question of questions) if (!questionOf.has(question.run_id)) questionOf.set(question.run_id, shown(question));
  return (id) => ({ ...NO_FACTS, ...cardOf.get(id), open_question: questionOf.get(id) ?? null });
}

/** An agent may ask several at once; more of one run are not looked at for its card. */
const MOST_QUESTIONS = 8;

function mayAsk(run: RunRow): boolean {
  return run.pending_questions > 0 || run.waiting?.reason === 'input';
}

function shown({ id, text, questions, expires_at, parked }: AnswerableQuestion): Run['open_question'] {
  return { id, text, questions, expires_at, parked };
}

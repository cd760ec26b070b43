import type { Question } from '../contract/resources.ts';
import type { QuestionRow, StoreReads } from '../ports/store.ts';

/** The question with the context that every surface shows beside it. */
export async function shownQuestion(store: StoreReads, row: QuestionRow): Promise<Question> {
  const run = await store.run(row.run_id);
  const project = run === null ? null : await store.project(run.project_id);
  const { attempt_id: _attempt, request_id: _request, ...shown } = row;
  return { ...shown, project: project?.name ?? '', run_title: run?.title ?? '' };
}

const MOST_LISTED = 500;

/** Open ones, and those that parked their run and can be answered still; oldest first. */
export async function answerableQuestions({ store }: { store: StoreReads }): Promise<QuestionRow[]> {
  const places = await store.answerable(null, MOST_LISTED);
  const rows = await Promise.all(places.map((place) => store.question(place.id)));
  return rows.filter((row) => row !== null);
}

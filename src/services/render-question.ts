import type { Question } from '../contract/resources.ts';
import type { QuestionRow, StoreReads } from '../ports/store.ts';

/** The question with the context that every surface shows beside it. */
export async function shownQuestion(store: StoreReads, row: QuestionRow): Promise<Question> {
  const run = await store.run(row.run_id);
  const project = run === null ? null : await store.project(run.project_id);
  const { attempt_id: _attempt, request_id: _request, ...shown } = row;
  return { ...shown, project: project?.name ?? '', run_title: run?.title ?? '' };
}

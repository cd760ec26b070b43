/** Answers a question: the first valid answer wins; a run that was parked by it goes on. */
import { GluonError } from '../contract/errors.ts';
import type { Question } from '../contract/resources.ts';
import { answersAsPrompt, checkAnswers } from '../core/run/answers.ts';
import type { QuestionRow } from '../ports/store.ts';
import { settleQuestion } from './attempt/questions.ts';
import { type Deps, now } from './deps.ts';
import { shownQuestion } from './render-question.ts';
import { queueRun } from './resume-run.ts';
import { unitOfWork } from './unit-of-work.ts';

export async function answerQuestion(
  deps: Deps,
  input: { question: string; answers: Record<string, string | string[]> },
  actor: string,
): Promise<Question> {
  const question = await deps.store.question(input.question);
  if (question === null) throw new GluonError('question_not_found', { question: input.question });
  refuseIfEnded(question);
  const decision = checkAnswers(question.items, input.answers);
  if (decision.kind === 'invalid') throw new GluonError('answer_invalid', { why: decision.why });
  await deps.fault('answer.before-write');
  const won = await settleQuestion(deps, question, { state: 'answered', answers: decision.answers, by: actor });
  if (!won) refuseIfEnded(await deps.store.question(question.id));
  await deps.fault('answer.after-write');
  const delivered = deps.live.get(question.run_id)?.answer(question.request_id, decision.answers) ?? false;
  if (!delivered) await resumeWithAnswers(deps, question, decision.answers, actor);
  const stored = (await deps.store.question(question.id)) ?? question;
  return shownQuestion(deps.store, stored);
}

function refuseIfEnded(question: QuestionRow | null): void {
  if (question === null || question.state === 'open' || question.state === 'parked') return;
  throw new GluonError('question_answered', { by: question.answered_by ?? 'nobody: its time is over' });
}

/** The agent is not there any more to be answered: the answer becomes the message that the run is resumed with. */
async function resumeWithAnswers(deps: Deps, question: QuestionRow, answers: Record<string, string[]>, actor: string): Promise<void> {
  await unitOfWork(deps, async (unit) => {
    const run = await unit.tx.run(question.run_id);
    if (run === null) return;
    const prompt = answersAsPrompt(answers);
    if (run.status === 'review') {
      const restart = { kind: 'resume' as const, prompt, images: [], resume: run.session_id !== null, notBefore: null, waiting: null };
      await queueRun(
        unit,
        run,
        { ...restart, by: actor, automatic: false, why: 'The question was answered.', at: now(deps) },
        { maxAutoResumes: 0 },
        { status: 'review' },
      );
      return;
    }
    if (run.status === 'running' || run.status === 'pending') {
      // It is on its way out or back in: the answer waits as a message.
      await unit.tx.insertFollowUp({
        id: deps.random.id(),
        run_id: run.id,
        text: prompt,
        images: [],
        state: 'queued',
        now: false,
        by: actor,
        created_at: now(deps),
        delivered_at: null,
      });
      await unit.updateRun(run.id, { queued_messages: run.queued_messages + 1 });
    }
  });
  deps.wake();
}

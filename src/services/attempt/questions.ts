/** Questions of the agent while its attempt lives: stored, told, timed; nobody answering parks the run or takes the recommended option. */

import type { QuestionItem } from '../../contract/resources.ts';
import { automaticAnswers } from '../../core/run/answers.ts';
import { redactDeep } from '../../core/text/redact-deep.ts';
import type { AgentRun } from '../../ports/agent.ts';
import type { QuestionRow, RunRow } from '../../ports/store.ts';
import { type Deps, iso, now } from '../deps.ts';
import { noteProblem } from '../problems.ts';
import { shownQuestion } from '../render-question.ts';
import { unitOfWork } from '../unit-of-work.ts';
import type { Recorder } from './record-events.ts';

export interface AttemptQuestions {
  asked(requestId: string, items: QuestionItem[]): Promise<void>;
  cancelled(requestId: string): Promise<void>;
  /** Whether the agent waits for a person right now. */
  waiting(): boolean;
  answer(requestId: string, answers: Record<string, string[]>): boolean;
  /** The attempt is over: what is still open stays answerable (parked) or ends. */
  close(parked: boolean): Promise<void>;
}

interface Open {
  question: QuestionRow;
  cancelTimer: () => void;
}

export function attemptQuestions(
  deps: Omit<Deps, 'wake'>,
  run: RunRow,
  attempt: { id: string; number: number },
  agent: () => AgentRun | null,
  recorder: Recorder,
  park: () => void,
): AttemptQuestions {
  const open = new Map<string, Open>();

  async function asked(requestId: string, items: QuestionItem[]): Promise<void> {
    const askedMs = deps.clock.nowMs();
    const waitMs = deps.settings.get('question_wait_seconds') * 1000;
    const question: QuestionRow = {
      id: deps.random.id(),
      run_id: run.id,
      attempt_id: attempt.id,
      request_id: requestId,
      state: 'open',
      items: redactDeep(items, deps.redact),
      answers: null,
      answered_by: null,
      asked_at: iso(askedMs),
      expires_at: iso(askedMs + waitMs),
      answered_at: null,
    };
    // Before anybody can see it: the answer of somebody fast must find the agent.
    const entry: Open = { question, cancelTimer: () => {} };
    open.set(requestId, entry);
    try {
      await deps.fault('question.before-write');
      await store(question);
    } catch (error) {
      open.delete(requestId);
      throw error;
    }
    if (open.get(requestId) === entry) entry.cancelTimer = deps.clock.after(waitMs, expire(requestId));
    await recorder.write({ type: 'question', attempt: attempt.number, question: question.id, items });
  }

  async function store(question: QuestionRow): Promise<void> {
    await unitOfWork(deps, async (unit) => {
      await unit.tx.insertQuestion(question);
      const current = await unit.tx.run(run.id);
      const waiting = {
        reason: 'input' as const,
        detail: question.items[0]?.question ?? 'The agent asks.',
        since: now(deps),
        until: question.expires_at,
      };
      await unit.updateRun(run.id, { pending_questions: (current?.pending_questions ?? 0) + 1, waiting }, { epoch: run.epoch });
      await unit.record('question.asked', { question: question.id }, { runId: run.id, actor: 'agent' });
      const data = await shownQuestion(unit.tx, question);
      unit.publish({ topic: 'board', type: 'pending_questions', data });
      unit.publish({ topic: `run:${run.id}`, type: 'pending_questions', data });
    });
  }

  const expire = (requestId: string) => (): void => {
    expired(requestId).catch((error: unknown) => noteProblem(deps, 'question', error, run.id));
  };

  async function expired(requestId: string): Promise<void> {
    const entry = open.get(requestId);
    if (entry === undefined) return;
    if (run.question_policy === 'auto') {
      const answers = automaticAnswers(entry.question.items);
      const won = await settleQuestion(deps, entry.question, { state: 'answered', answers, by: 'gluon' });
      if (won) answer(requestId, answers);
      return;
    }
    const parked = await settleQuestion(deps, entry.question, { state: 'parked', answers: null, by: null });
    // Whoever answers from here on does not reach this agent any more; an answer that was faster keeps it going.
    if (parked && open.delete(requestId)) park();
    if (!parked) await deliverLate(requestId, entry.question.id);
  }

  /** Somebody's answer was written down, and the way to the agent broke off there. */
  async function deliverLate(requestId: string, id: string): Promise<void> {
    const stored = await deps.store.question(id);
    if (stored?.state === 'answered') answer(requestId, stored.answers ?? {});
  }

  function answer(requestId: string, answers: Record<string, string[]>): boolean {
    const entry = open.get(requestId);
    if (entry === undefined) return false;
    entry.cancelTimer();
    open.delete(requestId);
    return agent()?.answer(requestId, answers) ?? false;
  }

  async function cancelled(requestId: string): Promise<void> {
    const entry = open.get(requestId);
    if (entry === undefined) return;
    entry.cancelTimer();
    open.delete(requestId);
    await settleQuestion(deps, entry.question, { state: 'expired', answers: null, by: null });
  }

  return {
    asked,
    cancelled,
    answer,
    waiting: () => open.size > 0,
    async close(parked) {
      for (const [requestId, entry] of open) {
        entry.cancelTimer();
        open.delete(requestId);
        await settleQuestion(deps, entry.question, { state: parked ? 'parked' : 'expired', answers: null, by: null });
      }
    },
  };
}

/** Compare-and-swap of an open question; the run's count and waiting reason follow. False: somebody was faster. */
export async function settleQuestion(
  deps: Omit<Deps, 'wake'>,
  question: QuestionRow,
  end: { state: 'answered' | 'parked' | 'expired'; answers: Record<string, string[]> | null; by: string | null },
): Promise<boolean> {
  return unitOfWork(deps, async (unit) => {
    const at = now(deps);
    const from = end.state === 'answered' ? (['open', 'parked'] as const) : (['open'] as const);
    const answered = end.state === 'answered' ? { answers: end.answers, answered_by: end.by, answered_at: at } : {};
    const before = await unit.tx.question(question.id);
    if (!(await unit.tx.updateQuestion(question.id, { state: end.state, ...answered }, [...from]))) return false;
    const run = await unit.tx.run(question.run_id);
    if (run !== null && before?.state === 'open') {
      const left = Math.max(0, run.pending_questions - 1);
      const waiting = left === 0 && run.waiting?.reason === 'input' && run.status === 'running' ? null : run.waiting;
      await unit.updateRun(run.id, { pending_questions: left, waiting });
    }
    const about = { runId: question.run_id, actor: end.by ?? 'gluon' };
    if (end.state === 'answered') await unit.record('question.answered', { question: question.id, by: end.by ?? 'gluon' }, about);
    else if (end.state === 'parked') await unit.record('question.parked', { question: question.id }, about);
    const stored = await unit.tx.question(question.id);
    if (stored !== null) {
      const data = await shownQuestion(unit.tx, stored);
      const type = end.state === 'answered' ? ('question_answered' as const) : ('questions_expired' as const);
      unit.publish({ topic: 'board', type, data });
      unit.publish({ topic: `run:${question.run_id}`, type, data });
    }
    return true;
  });
}

import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../run/outcome.ts';
import { isNoticeable, type Noticeable, type NoticeFacts, noticeOf } from './notice.ts';

const facts: NoticeFacts = { actor: 'gluon', question: 'Keep the old endpoint?', overdue: true };
const ended = (status: 'review' | 'completed' | 'failed' | 'cancelled', outcome: (typeof OUTCOMES)[number]): Noticeable => ({
  type: 'run.ended',
  payload: { status, outcome, detail: 'What happened.' },
});
const kindOf = (event: Noticeable, over: Partial<NoticeFacts> = {}) => noticeOf(event, { ...facts, ...over })?.kind ?? null;

describe('noticeOf', () => {
  it('tells questions with their words, and again when they park the run', () => {
    expect(noticeOf({ type: 'question.asked', payload: { question: 'id' } }, facts)).toMatchObject({
      kind: 'question_asked',
      text: 'Keep the old endpoint?',
    });
    expect(kindOf({ type: 'question.parked', payload: { question: 'id' } })).toBe('question_parked');
    expect(kindOf({ type: 'question.parked', payload: { question: 'id' } }, { overdue: false })).toBeNull();
  });

  it('tells ends of runs by what the person has to do', () => {
    expect(kindOf(ended('review', 'completed'))).toBe('run_review');
    expect(kindOf(ended('review', 'limit_budget'))).toBe('cap_reached');
    expect(kindOf(ended('failed', 'auth'))).toBe('run_failed');
    expect(kindOf(ended('completed', 'completed'))).toBe('run_completed');
    // A person did it, or the question that parked it was told already.
    expect(kindOf(ended('review', 'interrupted'))).toBeNull();
    for (const outcome of OUTCOMES) {
      expect(kindOf(ended('failed', outcome)), outcome).toBe('run_failed');
      expect(kindOf(ended('cancelled', outcome)), outcome).toBeNull();
    }
  });

  it('does not tell a person of the merge that the person asked for at the screen', () => {
    const merged: Noticeable = { type: 'run.merged', payload: { base: 'main' } };
    expect(['cli', 'web', 'web:ann', 'api', 'mcp:bot'].map((actor) => kindOf(merged, { actor }))).toEqual([
      null,
      null,
      null,
      'run_completed',
      'run_completed',
    ]);
    const refused: Noticeable = { type: 'run.merge_refused', payload: { base: 'main', why: 'conflict', files: ['a.ts', 'b.ts'] } };
    expect(noticeOf(refused, facts)?.text).toBe('The merge into main was refused: conflict in a.ts and 1 more.');
  });

  it('lets a provider that holds back be told once for all runs', () => {
    const held: Noticeable = { type: 'model.rate_limited', payload: { until: '2026-11-01T14:20:00.000Z', why: 'rate_limit' } };
    expect(noticeOf(held, facts)).toMatchObject({ kind: 'capacity', text: 'The provider holds back until 14:20 UTC.' });
    expect(noticeOf(held, facts)?.quiet).toMatchObject({ of: 'all' });
    expect(noticeOf({ type: 'egress.refused', payload: { host: 'x.example', port: 22 } }, facts)).toMatchObject({
      text: 'The agent was not let through to x.example:22.',
      quiet: { of: 'run' },
    });
    expect(noticeOf(ended('failed', 'auth'), facts)?.quiet).toBeNull();
  });

  it('keeps a sentence to one line of bounded length', () => {
    const text = noticeOf(
      { type: 'question.asked', payload: { question: 'id' } },
      { ...facts, question: `a\n\n${'😀'.repeat(1_000)}` },
    )?.text;
    expect([...(text ?? '')]).toHaveLength(300);
    expect(text).toMatch(/^a 😀/);
  });

  it('knows what is worth a look', () => {
    expect(isNoticeable({ type: 'run.ended', payload: {} })).toBe(true);
    expect(isNoticeable({ type: 'run.created', payload: {} })).toBe(false);
  });
});

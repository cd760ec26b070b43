import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../src/core/run/outcome.ts';
import { WAITING_REASONS } from '../../../src/core/run/waiting.ts';
import { card, question } from './card.fixture.ts';
import { cardName, guessHeight, questionTime, runningMs, shortBranch, stripOf, waitTime } from './card-strip.ts';

const NOW = Date.parse('2026-01-01T10:00:48.000Z');

describe('strip', () => {
  it('a healthy run has none', () => {
    expect(stripOf(card())).toBeNull();
    expect(stripOf(card({ status: 'review', outcome: 'completed' }))).toBeNull();
    expect(stripOf(card({ status: 'completed', outcome: 'limit_time' }))).toBeNull();
  });

  it('a question comes before everything else', () => {
    const asked = card({ open_question: question({ questions: 3 }), waiting: { reason: 'capacity', detail: '', since: '' } });
    expect(stripOf(asked)).toMatchObject({ kind: 'you', question: 'Which sessions? (and 2 more)', id: 'q1' });
  });

  it.each(WAITING_REASONS.filter((reason) => reason !== 'input'))('waiting for %s says why', (reason) => {
    const strip = stripOf(card({ waiting: { reason, detail: 'All 5 places are taken.', since: '' } }));
    expect(strip).toMatchObject({ kind: 'wait', text: 'All 5 places are taken' });
    expect(strip?.kind === 'wait' && strip.word).toMatch(/^[A-Z]/);
  });

  it.each(OUTCOMES)('a failed run says %s in words', (outcome) => {
    const strip = stripOf(card({ status: 'failed', outcome, outcome_detail: 'It used 4 GB.' }));
    expect(strip).toMatchObject({ kind: 'failed', text: 'It used 4 GB' });
    expect(strip !== null && 'word' in strip && strip.word).toMatch(/^[A-Z]/);
  });

  it('what a limit stopped is not trouble, and tells the limit', () => {
    expect(stripOf(card({ status: 'review', outcome: 'limit_budget' }))).toMatchObject({ kind: 'stop', figure: '$5.00' });
    expect(stripOf(card({ status: 'review', outcome: 'agent_exit' }))).toMatchObject({ kind: 'failed', figure: null });
  });
});

describe('times', () => {
  it.each([
    ['2026-01-01T10:05:00.000Z', false, '4:12 left'],
    ['2026-01-01T10:00:57.000Z', false, '0:09 left'],
    ['2026-01-01T13:05:00.000Z', false, '3 h left'],
    ['2026-01-01T09:34:48.000Z', true, 'parked 26 min'],
    ['2026-01-01T10:00:18.000Z', false, 'parked 30 s'],
  ])('an answer due at %s (parked: %s): %s', (at, parked, text) => expect(questionTime(at, parked, NOW)).toBe(text));

  it('a wait tells how long it lasts, or how long still', () => {
    const waiting = { reason: 'slot', detail: '', since: '2026-01-01T10:00:08.000Z' } as const;
    expect(waitTime(waiting, NOW)).toBe('40 s');
    expect(waitTime({ ...waiting, until: '2026-01-02T00:00:48.000Z' }, NOW)).toBe('in 14 h');
    expect(waitTime({ ...waiting, until: '2026-01-01T10:00:09.000Z' }, NOW)).toBe('40 s');
  });

  it('a run that runs ticks, one that ended stands', () => {
    expect(runningMs(card(), NOW)).toBe(48_000);
    expect(runningMs(card({ status: 'review', ended_at: '2026-01-01T10:00:09.000Z' }), NOW)).toBe(9_000);
    expect(runningMs(card({ started_at: null }), NOW)).toBeNull();
  });
});

it('the name of a card tells status, reason and cost', () => {
  expect(cardName(card({ open_question: question(), unread: true }), NOW)).toBe(
    'Move the session store, auth-service, running, input required: Which sessions?, 4:12 left, unread, $2.31',
  );
  expect(cardName(card({ status: 'failed', outcome: 'resource_memory' }), NOW)).toContain('failed, Out of memory');
});

it('a branch loses the prefix of all branches, and no other', () => {
  expect(shortBranch('gluon-task/91d3be07')).toBe('91d3be07');
  expect(shortBranch('docs/retention')).toBe('docs/retention');
});

it('cards with more on them are taken to be higher', () => {
  const plain = guessHeight(card(), 260);
  expect(plain).toBe(71);
  expect(guessHeight(card({ title: 'x'.repeat(120) }), 260)).toBe(89);
  expect(guessHeight(card({ open_question: question() }), 260)).toBeGreaterThan(guessHeight(card({ status: 'failed' }), 260));
});

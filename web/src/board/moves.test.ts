import { describe, expect, it } from 'vitest';
import { legalMoves, RUN_STATUSES } from '../../../src/core/run/status.ts';
import { card } from './card.fixture.ts';
import { COLUMN_WORD, STATUSES } from './columns.ts';
import { movesOf, nextTarget, whyNot } from './moves.ts';

const of = (status: (typeof STATUSES)[number]) => card({ status, legal_moves: [...legalMoves(status)] });

describe('moves', () => {
  it('knows the columns of the server', () => expect(STATUSES).toEqual(RUN_STATUSES));

  it.each(STATUSES)('every move from %s has a title and a sentence, every other column says why not', (status) => {
    for (const { title, text } of movesOf(of(status))) {
      expect(title).not.toBe('');
      expect(text).toMatch(/\.$/);
    }
    for (const to of STATUSES) if (to !== status && !legalMoves(status).includes(to)) expect(whyNot(of(status), to)).toMatch(/\.$/);
  });

  it('says what a move costs where it stops something', () => {
    expect(movesOf(of('running'))).toMatchObject([{ to: 'cancelled', text: expect.stringContaining('Stops the agent') }]);
    expect(whyNot(of('review'), 'running')).toContain('Drop it on Queue');
    expect(whyNot(of('running'), 'completed')).toBe('A run in Running can go to Cancelled.');
    expect(movesOf(of('review')).map(({ to }) => to)).toEqual(['pending', 'completed', 'failed', 'cancelled']);
    expect(whyNot(of('completed'), 'failed')).toBe(`A run in Done can go to ${COLUMN_WORD.review}.`);
  });

  it('arrow keys go from one legal column to the next, and no further', () => {
    const review = of('review');
    expect(nextTarget(STATUSES, review, 'review', 1)).toBe('completed');
    expect(nextTarget(STATUSES, review, 'completed', 1)).toBe('failed');
    expect(nextTarget(STATUSES, review, 'cancelled', 1)).toBe('cancelled');
    expect(nextTarget(STATUSES, review, 'review', -1)).toBe('pending');
    expect(nextTarget(STATUSES, review, 'pending', -1)).toBe('pending');
  });
});

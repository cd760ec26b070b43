import { describe, expect, it } from 'vitest';
import { decideMove, legalMoves, RUN_STATUSES } from './status.ts';

const LEGAL = new Set([
  'pending→cancelled',
  'running→cancelled',
  'review→completed',
  'review→pending',
  'review→failed',
  'review→cancelled',
  'completed→review',
  'failed→pending',
  'cancelled→pending',
]);

describe('moves by a person', () => {
  for (const from of RUN_STATUSES) {
    for (const to of RUN_STATUSES) {
      const legal = LEGAL.has(`${from}→${to}`);
      it(`${from} → ${to} is ${legal ? 'taken' : 'refused with a sentence'}`, () => {
        const decision = decideMove(from, to);
        expect(decision.kind).toBe(legal ? 'allowed' : 'refused');
        expect(legalMoves(from).includes(to)).toBe(legal);
        if (decision.kind === 'refused')
          expect(decision.sentence).toMatch(/^A run in \w+ cannot be moved to \w+; from there it can go to \w+/);
        if (decision.kind === 'allowed') {
          expect(decision.requeue).toBe(to === 'pending');
        }
      });
    }
  }
});

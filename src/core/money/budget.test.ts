import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossesWarning, decideReservation, MAX_CALLS_ON_ESTIMATES, type Spending } from './budget.ts';

/** A decision with nothing spent and nothing in flight, unless said otherwise. */
function decide(over: Partial<Spending>) {
  const estimateUsd = over.estimateUsd === undefined ? 1 : over.estimateUsd;
  const inFlight = { calls: 0, mostUsd: 0 };
  return decideReservation({ spentUsd: 0, reservedUsd: 0, capUsd: 5, mostUsd: estimateUsd, inFlight, ...over, estimateUsd });
}

describe('may a call be made', () => {
  it('always, without a cap', () => {
    for (const capUsd of [null, 0]) {
      expect(decide({ spentUsd: 1e6, capUsd, estimateUsd: 2 })).toEqual({ kind: 'granted', reserveUsd: 2 });
      expect(decide({ spentUsd: null, capUsd, estimateUsd: null })).toEqual({ kind: 'granted', reserveUsd: 0 });
    }
  });

  it('not when the price, or what was spent, is unknown and there is a cap', () => {
    const refused = { kind: 'refused', code: 'price_unknown' };
    expect(decide({ estimateUsd: null })).toEqual(refused);
    expect(decide({ mostUsd: null })).toEqual(refused);
    expect(decide({ spentUsd: null, estimateUsd: 0.1 })).toEqual(refused);
  });

  it('not when the cap is reached', () => {
    const refused = { kind: 'refused', code: 'budget' };
    expect(decide({ spentUsd: 5, estimateUsd: 0 })).toEqual(refused);
    expect(decide({ spentUsd: 7, reservedUsd: 3, estimateUsd: 0.1 })).toEqual(refused);
  });

  it('alone: as long as money is left, however high its estimate', () => {
    expect(decide({ spentUsd: 4.99, estimateUsd: 3 })).toEqual({ kind: 'granted', reserveUsd: 3 });
    expect(decide({ reservedUsd: 2e-17, capUsd: 0.001, estimateUsd: 3 }).kind).toBe('granted');
  });

  it('beside others: when it fits, else it waits for one of them', () => {
    const inFlight = { calls: 1, mostUsd: 4 };
    expect(decide({ spentUsd: 1, reservedUsd: 2, estimateUsd: 2, inFlight }).kind).toBe('granted');
    expect(decide({ spentUsd: 1, reservedUsd: 2, estimateUsd: 2.01, inFlight }).kind).toBe('wait');
  });

  it('beside many others: only when all of them fit at the most they may cost', () => {
    const many = { spentUsd: 1, reservedUsd: 0.04, estimateUsd: 0.01 };
    const dear = { calls: MAX_CALLS_ON_ESTIMATES, mostUsd: 3.5 };
    expect(decide({ ...many, mostUsd: 0.6, inFlight: dear }).kind).toBe('wait');
    expect(decide({ ...many, mostUsd: 0.6, inFlight: { ...dear, calls: MAX_CALLS_ON_ESTIMATES - 1 } }).kind).toBe('granted');
    expect(decide({ ...many, mostUsd: 0.5, inFlight: { calls: 40, mostUsd: 3.5 } }).kind).toBe('granted');
  });

  it('the warning comes once on the way to the cap', () => {
    expect(crossesWarning(3.9, 4, 5)).toBe(true);
    expect(crossesWarning(4, 4.5, 5)).toBe(false);
    expect(crossesWarning(0, 9, null)).toBe(false);
  });
});

interface Flying {
  readonly reserved: number;
  readonly most: number;
}
type Step = { kind: 'ask'; estimate: number; above: number } | { kind: 'settle'; which: number; factor: number };
const money = fc.double({ min: 0.001, max: 4, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), estimate: money, above: fc.double({ min: 0, max: 9, noNaN: true }) }),
  fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20), factor: share }),
);

const sum = (flying: readonly Flying[], of: keyof Flying): number => flying.reduce((total, each) => total + each[of], 0);

/** Plays asks and settlements in any order against one run; `dearest` is the most that any call could cost. */
function play(capUsd: number, steps: Step[], costOf: (call: Flying, factor: number) => number) {
  let spent = 0;
  let largest = 0;
  let dearest = 0;
  const flying: Flying[] = [];
  for (const move of steps) {
    if (move.kind === 'settle') {
      const [back] = flying.splice(move.which % Math.max(flying.length, 1), 1);
      if (back !== undefined) spent += costOf(back, move.factor);
      continue;
    }
    const mostUsd = move.estimate + move.above;
    const inFlight = { calls: flying.length, mostUsd: sum(flying, 'most') };
    const reservedUsd = sum(flying, 'reserved');
    const decision = decideReservation({ spentUsd: spent, reservedUsd, capUsd, estimateUsd: move.estimate, mostUsd, inFlight });
    if (decision.kind !== 'granted') continue;
    largest = Math.max(largest, decision.reserveUsd);
    dearest = Math.max(dearest, mostUsd);
    flying.push({ reserved: decision.reserveUsd, most: mostUsd });
  }
  return { spent, flying, largest, dearest };
}

describe('in any order of calls and answers', () => {
  const cap = fc.double({ min: 0.01, max: 20, noNaN: true });
  const steps = fc.array(step, { maxLength: 200 });

  it('estimates that hold: what is spent and reserved passes the cap by at most one call', () => {
    fc.assert(
      fc.property(cap, steps, (capUsd, moves) => {
        const end = play(capUsd, moves, (call, factor) => call.reserved * factor);
        expect(end.spent + sum(end.flying, 'reserved')).toBeLessThanOrEqual(capUsd + end.largest + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('estimates that are all far too low: the cap is passed by four calls at most', () => {
    fc.assert(
      fc.property(cap, steps, (capUsd, moves) => {
        const end = play(capUsd, moves, (call) => call.most);
        const all = end.spent + sum(end.flying, 'most');
        expect(all).toBeLessThanOrEqual(capUsd + MAX_CALLS_ON_ESTIMATES * end.dearest + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('a run with money left and nothing in flight always goes on', () => {
    fc.assert(
      fc.property(money, money, (capUsd, estimateUsd) => {
        expect(decide({ spentUsd: capUsd * 0.999, capUsd, estimateUsd }).kind).toBe('granted');
      }),
    );
  });
});

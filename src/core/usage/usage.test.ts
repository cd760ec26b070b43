import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf } from '../money/prices.ts';
import { bucketsFor } from './buckets.ts';
import { splitByKind, TOKEN_KINDS } from './token-kinds.ts';

describe('bucketsFor', () => {
  it('covers the whole time with at most 60 buckets', () => {
    const ms = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 40_000_000_000 }), (first, length) => {
        const { fromMs, bucketMs, count } = bucketsFor(first, first + length);
        expect(count).toBeLessThanOrEqual(61);
        expect(fromMs).toBeLessThanOrEqual(first);
        expect(fromMs % bucketMs).toBe(0);
        expect(first + length).toBeLessThan(fromMs + count * bucketMs);
      }),
    );
    expect(bucketsFor(1_500, 1_500)).toEqual({ fromMs: 1_000, bucketMs: 1_000, count: 1 });
    expect(bucketsFor(0, 59_999)).toMatchObject({ bucketMs: 1_000, count: 60 });
    expect(bucketsFor(0, 60_000)).toMatchObject({ bucketMs: 2_000, count: 31 });
  });
});

describe('splitByKind', () => {
  const price = priceOf('claude-sonnet-5');
  const tokens = { input: 1_000, cache_read: 10_000, cache_write: 2_000, output: 500 };

  it('adds up to what was metered', () => {
    const parts = splitByKind([
      { tokens, costUsd: 0.3, price },
      { tokens, costUsd: 0.1, price },
    ]);
    expect(parts.map((part) => part.kind)).toEqual([...TOKEN_KINDS]);
    expect(parts.reduce((sum, part) => sum + (part.costUsd ?? 0), 0)).toBeCloseTo(0.4, 12);
    expect(parts.map((part) => part.tokens)).toEqual([2_000, 20_000, 4_000, 1_000]);
    const [input, , , output] = parts;
    expect((output?.costUsd ?? 0) / (input?.costUsd ?? 1)).toBeCloseTo((500 * 10) / (1_000 * 2), 9);
  });

  it('says nothing of money where a price or a cost is not known, and still counts tokens', () => {
    for (const unknown of [
      { tokens, costUsd: 0.3, price: null },
      { tokens, costUsd: null, price },
    ])
      expect(splitByKind([{ tokens, costUsd: 1, price }, unknown])).toMatchObject([{ costUsd: null, tokens: 2_000 }, {}, {}, {}]);
    const none = { input: 0, cache_read: 0, cache_write: 0, output: 0 };
    expect(splitByKind([{ tokens: none, costUsd: 0.2, price }]).at(-1)).toEqual({ kind: 'output', tokens: 0, costUsd: 0.2 });
    expect(splitByKind([]).map((part) => part.costUsd)).toEqual([0, 0, 0, 0]);
  });
});

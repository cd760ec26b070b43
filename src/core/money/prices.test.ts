import { describe, expect, it } from 'vitest';
import { PRICES, priceOf } from './prices.ts';

describe('the price of a model', () => {
  it('is found by its exact name', () => {
    expect(priceOf('claude-sonnet-5')?.rates).toEqual({ input: 2, output: 10, cacheRead: 0.2, cacheWrite: 2.5, cacheWrite1h: 4 });
  });

  it('is found by its dated name', () => {
    expect(priceOf('claude-haiku-4-5-20251001')).toBe(PRICES['claude-haiku-4-5']);
    expect(priceOf('claude-opus-4-0-20250514')).toBe(PRICES['claude-opus-4']);
  });

  it('is found by what the agent program calls it', () => {
    expect(priceOf('opus')).toBe(PRICES['claude-opus-5-5']);
  });

  it.each(['gpt-6', 'claude-sonnet-6', 'claude-sonnet', '', '__proto__', 'constructor', 'claude-sonnet-5-2026', 'CLAUDE-SONNET-5'])(
    'is not known for %j: nothing is guessed from a similar name',
    (model) => expect(priceOf(model)).toBeNull(),
  );

  it("a person's own price wins, also for the dated name", () => {
    const own = { 'claude-sonnet-5': { input: 1, output: 2 } };
    expect(priceOf('claude-sonnet-5', own)?.rates).toEqual({ input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.25, cacheWrite1h: 2 });
    expect(priceOf('claude-sonnet-5-20260630', own)?.rates.output).toBe(2);
    expect(priceOf('local', { local: { input: 0, output: 0, cache_read: 0, cache_write: 0 } })?.rates.output).toBe(0);
    expect(priceOf('__proto__', own)).toBeNull();
  });

  it('every row says where it comes from, and no rate is out of proportion', () => {
    for (const [model, row] of Object.entries(PRICES)) {
      expect(row.source, model).toMatch(/^https:\/\//);
      expect(row.asOf, model).toMatch(/^\d{4}-\d\d-\d\d$/);
      for (const { input, output, cacheRead, cacheWrite, cacheWrite1h } of [row.rates, row.longPrompt?.rates ?? row.rates]) {
        expect(cacheRead, model).toBeGreaterThan(0);
        expect(cacheRead, model).toBeLessThan(input);
        expect(cacheWrite, model).toBeGreaterThan(input);
        expect(cacheWrite1h, model).toBeGreaterThan(cacheWrite);
        expect(output, model).toBeGreaterThan(input);
      }
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCostUsd, estimateCallUsd, mostCallUsd, type TokenUsage } from './cost.ts';
import { type ModelPrice, PRICES, priceOf } from './prices.ts';

function price(model: string): ModelPrice {
  const found = priceOf(model);
  if (found === null) throw new Error(`no price of ${model}`);
  return found;
}

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe('what a call costs', () => {
  it('agrees with the figure of the agent program: 500 in and 250 out of claude-sonnet-5 are $0.0035', () => {
    expect(callCostUsd(price('claude-sonnet-5'), { ...NOTHING, inputTokens: 500, outputTokens: 250 })).toBeCloseTo(0.0035, 12);
  });

  it('counts each kind of token at its own rate', () => {
    const opus = price('claude-opus-5-5');
    const million = 1_000_000;
    expect(callCostUsd(opus, { ...NOTHING, cacheReadTokens: million })).toBeCloseTo(0.2);
    expect(callCostUsd(opus, { ...NOTHING, cacheWriteTokens: million })).toBeCloseTo(5);
    expect(callCostUsd(opus, { ...NOTHING, cacheWriteTokens: million, cacheWrite1hTokens: million })).toBeCloseTo(8);
    expect(callCostUsd(opus, { ...NOTHING, outputTokens: million, fast: true })).toBeCloseTo(40);
    expect(callCostUsd(opus, { ...NOTHING, outputTokens: million, usOnly: true })).toBeCloseTo(22);
  });

  it('takes the dearer rates of a long prompt for the whole call, cached parts counted as prompt', () => {
    const haiku = price('claude-haiku-5-5');
    expect(callCostUsd(haiku, { ...NOTHING, inputTokens: 100_000 })).toBeCloseTo(0.01);
    expect(callCostUsd(haiku, { ...NOTHING, inputTokens: 100_001 })).toBeCloseTo(0.0500005);
    expect(callCostUsd(haiku, { ...NOTHING, inputTokens: 1, cacheReadTokens: 100_000 })).toBeCloseTo(0.005, 5);
  });

  it('is never negative and never falls when more tokens are used', () => {
    const count = fc.nat(2_000_000);
    const usage = fc.record({ inputTokens: count, outputTokens: count, cacheReadTokens: count, cacheWriteTokens: count });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(PRICES)), usage, usage, (row, one, more) => {
        const both = {
          inputTokens: one.inputTokens + more.inputTokens,
          outputTokens: one.outputTokens + more.outputTokens,
          cacheReadTokens: one.cacheReadTokens + more.cacheReadTokens,
          cacheWriteTokens: one.cacheWriteTokens + more.cacheWriteTokens,
        };
        const cost = callCostUsd(row, one);
        expect(cost).toBeGreaterThanOrEqual(0);
        expect(callCostUsd(row, both)).toBeGreaterThanOrEqual(cost);
      }),
    );
  });
});

describe('the estimate of a call', () => {
  const sonnet = price('claude-sonnet-5');

  it('takes the output that the profile needed lately, at most what the request allows', () => {
    expect(estimateCallUsd(sonnet, { inputBytes: 0, maxOutputTokens: 64_000 }, 1_000)).toBeCloseTo(0.01);
    expect(estimateCallUsd(sonnet, { inputBytes: 0, maxOutputTokens: 100 }, 1_000)).toBeCloseTo(0.001);
    expect(estimateCallUsd(sonnet, { inputBytes: 0, maxOutputTokens: 64_000 }, null)).toBeCloseTo(0.04096);
    expect(estimateCallUsd(sonnet, { inputBytes: 0, maxOutputTokens: null }, 1_000)).toBeCloseTo(0.01);
  });

  it('counts text by its bytes and images by their number, and never more than a model can take', () => {
    expect(estimateCallUsd(sonnet, { inputBytes: 300_000, maxOutputTokens: 0 }, null)).toBeCloseTo(0.2);
    const pictures = { inputBytes: 400_000, dataBytes: 400_000, images: 2, maxOutputTokens: 0 };
    expect(estimateCallUsd(sonnet, pictures, null)).toBeCloseTo(0.0192);
    expect(estimateCallUsd(sonnet, { inputBytes: 60_000_000, maxOutputTokens: 0 }, null)).toBeCloseTo(2);
    expect(estimateCallUsd(sonnet, { inputBytes: 60_000_000, images: 9_999, maxOutputTokens: 0 }, null)).toBeCloseTo(2);
  });
});

describe('the most that a call may cost', () => {
  const sonnet = price('claude-sonnet-5');

  it('is all the output that it allows, and its input at the rate of the dearest cache', () => {
    expect(mostCallUsd(sonnet, { inputBytes: 30_000, maxOutputTokens: 64_000 })).toBeCloseTo(0.04 + 0.64);
    expect(mostCallUsd(sonnet, { inputBytes: 0, maxOutputTokens: null })).toBeCloseTo(1.28);
    expect(mostCallUsd(price('claude-opus-5-5'), { inputBytes: 0, maxOutputTokens: 1_000, fast: true })).toBeCloseTo(0.04);
  });

  it('is never less than the estimate, nor than what any usage within the request costs', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const call = fc.record({ inputBytes: fc.nat(5_000_000), maxOutputTokens: fc.nat(128_000), fast: fc.boolean(), usOnly: fc.boolean() });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(PRICES)),
        call,
        fc.option(fc.nat(200_000)),
        share,
        share,
        (row, shape, p90, one, two) => {
          const most = mostCallUsd(row, shape) + 1e-9;
          expect(most).toBeGreaterThanOrEqual(estimateCallUsd(row, shape, p90));
          const prompt = Math.min(Math.floor(shape.inputBytes / 3), 1_000_000);
          const cacheWriteTokens = Math.floor(prompt * one);
          const usage = {
            inputTokens: prompt - cacheWriteTokens,
            cacheWriteTokens,
            cacheWrite1hTokens: Math.floor(cacheWriteTokens * two),
            cacheReadTokens: 0,
            outputTokens: Math.floor(shape.maxOutputTokens * two),
            fast: shape.fast,
            usOnly: shape.usOnly,
          };
          expect(most).toBeGreaterThanOrEqual(callCostUsd(row, usage));
        },
      ),
    );
  });

  it('of an answer that was cut: what may have been billed, not what was seen', () => {
    const cut = { ...NOTHING, inputTokens: 500, outputTokens: 3, outputAtMost: 1_000 };
    expect(callCostUsd(sonnet, cut)).toBeCloseTo(0.011);
    expect(callCostUsd(sonnet, { ...cut, outputTokens: 2_000 })).toBeCloseTo(0.021);
  });
});

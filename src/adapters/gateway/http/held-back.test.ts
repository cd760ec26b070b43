import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeldBack } from './held-back.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');

describe('whether the provider holds back', () => {
  it('retry-after in seconds and as a date', () => {
    expect(readHeldBack(429, { 'retry-after': '30' }, '', NOW)).toEqual({ status: 429, untilMs: NOW + 30_000, why: 'rate_limit' });
    expect(readHeldBack(529, { 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT' }, '', NOW)).toEqual({
      status: 529,
      untilMs: NOW + 60_000,
      why: 'overloaded',
    });
  });

  it('the limits of a subscription', () => {
    const headers = {
      'anthropic-ratelimit-unified-status': 'rejected',
      'anthropic-ratelimit-unified-reset': String((NOW + 3_600_000) / 1_000),
      'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    };
    expect(readHeldBack(429, headers, '', NOW)).toEqual({ status: 429, untilMs: NOW + 3_600_000, why: 'five_hour' });
    expect(readHeldBack(200, headers, '', NOW)).toBeNull();
  });

  it.each([
    [400, 'Your credit balance is too low to access the API'],
    [402, ''],
    [429, 'You have reached your specified workspace API spend limit'],
    [403, 'insufficient credit on this account'],
  ])('%i that means money is told from a limit that passes', (status, text) => {
    expect(readHeldBack(status, {}, text, NOW)?.why).toBe('billing');
  });

  it('other errors are none of it', () => {
    for (const status of [200, 400, 401, 404, 500])
      expect(readHeldBack(status, { 'retry-after': '5' }, 'prompt is too long', NOW)).toBeNull();
  });

  it('no header can hold a run back for ever or into the past (fault 22)', () => {
    const names = ['retry-after', 'anthropic-ratelimit-unified-status', 'anthropic-ratelimit-unified-reset'];
    const value = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.constantFrom('rejected', '-1', '1e99', 'NaN', '99999999999999999', 'never'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (headers) => {
        const held = readHeldBack(429, headers, '', NOW);
        expect(held?.status).toBe(429);
        const untilMs = held?.untilMs ?? null;
        if (untilMs !== null) {
          expect(untilMs).toBeGreaterThan(NOW);
          expect(untilMs).toBeLessThanOrEqual(NOW + 32 * 24 * 3_600_000);
        }
      }),
    );
  });
});

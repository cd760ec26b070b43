import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDeeperThan } from './json-body.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('isDeeperThan', () => {
  it('agrees with the parsed value for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(6), (value, limit) => {
        // jsonValue may hold an own "__proto__", which Object.values sees too.
        expect(isDeeperThan(JSON.stringify(value), limit)).toBe(depthOf(JSON.parse(JSON.stringify(value))) > limit);
      }),
    );
  });

  it('does not count brackets inside strings, behind escaped quotes either', () => {
    expect(isDeeperThan(JSON.stringify(['[[[[', '\\"[[[[', '\\\\']), 1)).toBe(false);
    expect(isDeeperThan('["\\\\",[[1]]]', 2)).toBe(true);
  });

  it('ends on text that is no JSON', () => {
    expect(isDeeperThan('"never closed [[[[', 1)).toBe(false);
    expect(isDeeperThan(']]]][[', 1)).toBe(false);
  });
});

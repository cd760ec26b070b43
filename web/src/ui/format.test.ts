import { describe, expect, it } from 'vitest';
import { ago, bytes, clockTime, cutPath, dateTime, duration, money, moneyOf, tokens, words } from './format.ts';

describe('figures', () => {
  it.each([
    [null, '–'],
    [0, '$0.00'],
    [0.004, '<$0.01'],
    [1.837, '$1.84'],
    [12_345.6, '$12,345.60'],
  ])('money %s is %s', (usd, text) => expect(money(usd)).toBe(text));

  it('a sum stands beside its limit where there is one', () => {
    expect(moneyOf(1.84, 5)).toBe('$1.84 of $5.00');
    expect(moneyOf(1.84, null)).toBe('$1.84');
  });

  it.each([
    [-5, '0s'],
    [59_999, '59s'],
    [60_000, '1m 00s'],
    [252_000, '4m 12s'],
    [5_040_000, '1h 24m'],
    [48 * 3_600_000, '2d 0h'],
  ])('%s ms last %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [999, '999'],
    [1_000, '1.00 k'],
    [28_400, '28.4 k'],
    [412_000, '412 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [3_540_000, '3.54 M'],
  ])('%s tokens are %s', (count, text) => expect(tokens(count)).toBe(text));

  it.each([
    [1_500, 'now'],
    [38_000, '38 s ago'],
    [400_000, '6 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [50 * 3_600_000, '2 d ago'],
  ])('%s ms earlier is %s', (ms, text) => expect(ago(0, ms)).toBe(text));

  it('sizes, names and paths are cut to what fits', () => {
    expect(bytes(999)).toBe('999 B');
    expect(bytes(4_200)).toBe('4.20 kB');
    expect(bytes(83_345_000_000)).toBe('83.3 GB');
    expect(words('cost_exceeded')).toBe('Cost exceeded');
    expect(cutPath('src/a.ts', 20)).toBe('src/a.ts');
    const cut = cutPath('src/some/where/deep/session-store.ts', 24);
    expect(cut).toHaveLength(24);
    expect(cut).toMatch(/^src\/.*…\/session-store\.ts$/);
    expect(cutPath('a-very-long-file-name-indeed.ts', 12)).toHaveLength(12);
  });

  it('times are those of the reader; what is none is nothing', () => {
    const noon = new Date(2026, 10, 25, 13, 48).toISOString();
    expect(clockTime(noon)).toBe('13:48');
    expect(dateTime(noon)).toMatch(/25.*13:48/);
    expect(clockTime('soon')).toBe('');
  });
});

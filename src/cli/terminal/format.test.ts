import { expect, test } from 'vitest';
import { ago, bytes, count, duration, oneLine, plural, shortId, usd } from './format.ts';

test('money', () => {
  expect([usd(0), usd(0.01234), usd(1), usd(12.345), usd(null)]).toEqual(['$0.00', '$0.0123', '$1.00', '$12.35', '?']);
});

test('durations', () => {
  expect([0, 1_234, 59_999, 61_000, 3_661_000, 90_000_000, 400_000_000, -5].map(duration)).toEqual([
    '0.0s',
    '1.2s',
    '59s',
    '1m 01s',
    '1h 01m',
    '25h 00m',
    '4d 15h',
    '0.0s',
  ]);
});

test('ages', () => {
  expect(ago('2026-01-01T00:00:00.000Z', Date.parse('2026-01-01T00:00:05.400Z'))).toBe('5s ago');
  expect(ago('2026-01-01T00:00:05.000Z', Date.parse('2026-01-01T00:00:00.000Z'))).toBe('0s ago');
  expect(ago(null, 0)).toBe('-');
});

test('sizes, counts, ids', () => {
  expect([bytes(999), bytes(1_000), bytes(12_345_678)]).toEqual(['999 B', '1.0 kB', '12.3 MB']);
  expect([count(9_999), count(12_345), count(1_234_567)]).toEqual(['9999', '12.3k', '1.23M']);
  expect([plural(1, 'run'), plural(2, 'run'), plural(0, 'copy', 'copies')]).toEqual(['1 run', '2 runs', '0 copies']);
  expect([shortId('0123456789ab'), shortId(null)]).toEqual(['01234567', '-']);
});

test('untrusted text becomes one harmless line', () => {
  expect(oneLine('a\n\u001b[2Jb\r\n  c')).toBe('a b c');
  expect(oneLine('a long sentence', 8)).toBe('a long …');
});

import { expect, test } from 'vitest';
import { cutToWidth, displayWidth, padToWidth } from './width.ts';

test.each([
  ['plain', 5],
  ['', 0],
  ['日本', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['e\u0301', 1],
  ['a\u200bb', 2],
  ['👍', 2],
  ['👩‍👩‍👧', 2],
  ['🇩🇪', 2],
  ['❤\ufe0f', 2],
  ['→ …', 3],
  ['\u001b[31mred\u001b[39m', 3],
])('%j takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('a cut never goes through a character and leaves room for the ellipsis', () => {
  expect(cutToWidth('abcdef', 4)).toBe('abc…');
  expect(cutToWidth('abcd', 4)).toBe('abcd');
  expect(cutToWidth('日本語', 4)).toBe('日…');
  expect(cutToWidth('👩‍👩‍👧x👩‍👩‍👧', 4)).toBe('👩‍👩‍👧x…');
  expect(cutToWidth('abc', 0)).toBe('');
});

test('padding counts columns, not characters', () => {
  expect(padToWidth('日', 4)).toBe('日  ');
  expect(padToWidth('日', 4, 'right')).toBe('  日');
  expect(padToWidth('too long', 3)).toBe('too long');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pairsOf, partnerOf } from './pairs.ts';
import type { DiffLine, Hunk } from './parse.ts';
import { segmentsOf } from './segments.ts';
import { hiddenIn, visibleName } from './visible-text.ts';
import { wordMarks } from './word-marks.ts';

function hunk(text: string): Hunk {
  let [old, now] = [1, 1];
  const lines = text.split('\n').map((each): DiffLine => {
    const kind = each.startsWith('+') ? 'add' : each.startsWith('-') ? 'del' : 'same';
    const line = { kind, old: kind === 'add' ? null : old, new: kind === 'del' ? null : now, text: each.slice(1) } as const;
    if (kind !== 'add') old += 1;
    if (kind !== 'del') now += 1;
    return line;
  });
  return { oldStart: 1, newStart: 1, heading: '', lines, noNewline: null };
}
const shown = (one: Hunk) => pairsOf(one).map(({ left, right }) => `${left?.text ?? '∅'} | ${right?.text ?? '∅'}`);

test('lines that became others stand beside each other, whatever was put between them', () => {
  const one = hunk(
    [
      ' class A {',
      '-  list(user: string) {',
      '-    return this.store.byUser(user);',
      '+  a;',
      '+  b;',
      '+  list(user: string, now = 1) {',
      ' }',
    ].join('\n'),
  );
  expect(shown(one)).toEqual([
    'class A { | class A {',
    '∅ |   a;',
    '∅ |   b;',
    '  list(user: string) { |   list(user: string, now = 1) {',
    '    return this.store.byUser(user); | ∅',
    '} | }',
  ]);
  const [, removed, , , , added] = one.lines;
  if (removed === undefined || added === undefined) throw new Error('the hunk has these lines');
  expect(partnerOf(one, removed)).toBe(added);
  expect(partnerOf(one, added)).toBe(removed);
});

test('every line stands once, in its order, on its own side', () => {
  const line = fc
    .tuple(fc.constantFrom('+', '-', ' '), fc.constantFrom('a b c', 'a b d', 'x', '', 'q w e r'))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
      const one = hunk(lines.join('\n'));
      const pairs = pairsOf(one);
      const side = (of: 'left' | 'right') => pairs.map((pair) => pair[of]).filter((each) => each !== null);
      expect(side('left')).toEqual(one.lines.filter(({ kind }) => kind !== 'add'));
      expect(side('right')).toEqual(one.lines.filter(({ kind }) => kind !== 'del'));
    }),
  );
});

test('a hunk that grows is paired anew', () => {
  const one = hunk('-a b c');
  expect(shown(one)).toEqual(['a b c | ∅']);
  one.lines.push({ kind: 'add', old: null, new: 1, text: 'a b d' });
  expect(shown(one)).toEqual(['a b c | a b d']);
});

test('words that differ are marked; a line that is all new is not', () => {
  const marks = wordMarks('async list(userId: string) {', 'async list(userId: string, now = Date.now()) {');
  expect(marks.new.map(([from, to]) => 'async list(userId: string, now = Date.now()) {'.slice(from, to)).join('')).toBe(
    ', now = Date.now()',
  );
  expect(marks.old).toEqual([]);
  expect(wordMarks('alpha beta', 'one two three four')).toEqual({ old: [], new: [] });
  expect(wordMarks('x'.repeat(2_000), 'y')).toEqual({ old: [], new: [] });
});

test('pieces join to the line, whatever marks lie on it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.nat(12)), fc.array(fc.nat(30)), (text, lengths, places) => {
      const edges = [...new Set(places)].sort((a, b) => a - b);
      const ranges = edges.flatMap((from, index) =>
        index % 2 === 0 && edges[index + 1] !== undefined ? [[from, edges[index + 1] ?? 0] as const] : [],
      );
      const tokens = lengths.flatMap((length, index) => [length, index % 8]);
      const segments = segmentsOf(text, { tokens, changed: ranges, found: [] });
      expect(segments.map((each) => each.text).join('')).toBe(text);
      for (const { text: piece, hidden } of segments) if (hidden === null) expect(hiddenIn(piece)).toEqual([]);
    }),
  );
});

test('tokens, changed words and finds cut a line where they begin and end', () => {
  const segments = segmentsOf('const all = 1', { tokens: [5, 1, 7, 0, 1, 3], changed: [[0, 9]], found: [[6, 9]] });
  expect(segments.map(({ text, token, changed, found }) => [text, token, changed, found])).toEqual([
    ['const', 1, true, false],
    [' ', 0, true, false],
    ['all', 0, true, true],
    [' = ', 0, false, false],
    ['1', 3, false, false],
  ]);
});

test('what cannot be seen has a name; what joins letters and flags stays as it is', () => {
  expect(hiddenIn('a\u202eb\u2066\u0000\t\u200b').map(({ name }) => name)).toEqual(['U+202E', 'U+2066', 'U+0000', 'U+200B']);
  expect(hiddenIn('👩‍💻 नमस्ते می‌خواهم')).toEqual([]);
  expect(visibleName('a\u202etxt.exe\n\u00a0b c\ud800')).toBe('a\\u{202e}txt.exe\\u{a}\\u{a0}b c\\u{d800}');
  expect(visibleName('日本/größe.ts')).toBe('日本/größe.ts');
});

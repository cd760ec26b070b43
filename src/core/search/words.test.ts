import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchableText, searchWords, snippetOf } from './words.ts';

describe('searchableText', () => {
  it('is what people and agents said, and what tools were called for', () => {
    expect(searchableText({ type: 'text', text: 'hello' })).toBe('hello');
    expect(searchableText({ type: 'tool_use', name: 'Bash', summary: 'npm test' })).toBe('Bash npm test');
    expect(searchableText({ type: 'question', items: [{ question: 'Which?' }, { question: 'When?' }] })).toBe('Which?\nWhen?');
    expect(searchableText({ type: 'user', text: 'x'.repeat(10_000) })).toHaveLength(4_000);
    for (const record of [{ type: 'tool_result', output: 'x' }, { type: 'text', text: ' ' }, { type: 'text', text: 7 }, { type: 'usage' }])
      expect(searchableText(record)).toBeNull();
  });
});

describe('searchWords', () => {
  it('folds case and accents, and leaves out what asks for nothing', () => {
    expect(searchWords('  Café  ÉTÉ -- café "x" ')).toEqual(['cafe', 'ete', '"x"']);
    expect(searchWords('*** ()')).toEqual([]);
  });
});

describe('snippetOf', () => {
  it('shows one line around the first word and marks all of them', () => {
    const { text, marks } = snippetOf(`${'start '.repeat(50)}\n the Café  is a café${' end'.repeat(80)}`, ['cafe'], 60);
    expect(text.startsWith('…') && text.endsWith('…')).toBe(true);
    expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(['Café', 'café']);
    expect(snippetOf('short', ['none'])).toEqual({ text: 'short', marks: [] });
  });

  it('never overlaps marks, never leaves the text, never splits a character', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', 'İ', '😀', ' ', '\n', 'ß', 'e\u0301'), maxLength: 60 });
    fc.assert(
      fc.property(letters, fc.array(letters, { maxLength: 4 }), fc.integer({ min: 5, max: 30 }), (body, raw, length) => {
        const { text, marks } = snippetOf(body, searchWords(raw.join(' ')), length);
        expect(text.isWellFormed()).toBe(true);
        let end = 0;
        for (const [from, to] of marks) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          end = to;
        }
      }),
    );
  });
});

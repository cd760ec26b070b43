import { describe, expect, it } from 'vitest';
import { findLetters, rankLetters } from './letters.ts';

describe('findLetters', () => {
  it('prefers the beginning of a word to any other place', () => {
    expect(findLetters('src/possess/session.ts', 'sess')).toEqual([[12, 16]]);
    expect(findLetters('src/possess.ts', 'sess')).toEqual([[7, 11]]);
  });

  it('finds letters one after another, in pieces', () => {
    expect(findLetters('src/auth/validators.ts', 'avts')).toEqual([
      [4, 5],
      [9, 10],
      [15, 16],
      [18, 19],
    ]);
  });

  it('joins letters that stand together', () => {
    expect(findLetters('abxcd', 'abcd')).toEqual([
      [0, 2],
      [3, 5],
    ]);
  });

  it('is blind to case, and says when letters are missing', () => {
    expect(findLetters('README.md', 'readme')).toEqual([[0, 6]]);
    expect(findLetters('README.md', 'readmes')).toBeNull();
  });

  it('finds an empty query everywhere', () => {
    expect(findLetters('anything', '')).toEqual([]);
  });

  it('gives no false places where lower case is longer', () => {
    expect(findLetters('İx', 'x')).toEqual([]);
  });
});

describe('rankLetters', () => {
  it('puts whole words before pieces, and early before late', () => {
    const rank = (text: string) => rankLetters(text, 'val') ?? Number.POSITIVE_INFINITY;
    const order = ['v-a-l.ts', 'a/b/validators.ts', 'validators.ts', 'none'].sort((one, other) => rank(one) - rank(other));
    expect(order).toEqual(['validators.ts', 'a/b/validators.ts', 'v-a-l.ts', 'none']);
  });
});

import { describe, expect, it } from 'vitest';
import { complete, completionAt, mentions } from './completion-token.ts';

const at = (marked: string) => completionAt(marked.replace('|', ''), marked.indexOf('|'));

describe('completionAt', () => {
  it('asks for commands only at the beginning', () => {
    expect(at('/fi|')).toEqual({ kind: 'command', from: 0, to: 3, query: 'fi' });
    expect(at('  /fi|')).toEqual({ kind: 'command', from: 2, to: 5, query: 'fi' });
    expect(at('please /fi|')).toBeNull();
    expect(at('look at src/fi|')).toBeNull();
  });

  it('asks for files at the beginning of any word', () => {
    expect(at('fix @src/va|')).toEqual({ kind: 'file', from: 4, to: 11, query: 'src/va' });
    expect(at('(@va|')).toEqual({ kind: 'file', from: 1, to: 4, query: 'va' });
    expect(at('@|')).toEqual({ kind: 'file', from: 0, to: 1, query: '' });
  });

  it('leaves addresses of people alone', () => {
    expect(at('write to me@example|')).toBeNull();
  });

  it('takes the letters before the caret, replaces the whole word', () => {
    expect(at('@va|lid and more')).toEqual({ kind: 'file', from: 0, to: 6, query: 'va' });
  });

  it('asks for nothing before the sign, behind a space, and in a word without end', () => {
    expect(at('|@va')).toBeNull();
    expect(at('@va |')).toBeNull();
    expect(at(`@${'a'.repeat(300)}|`)).toBeNull();
  });
});

describe('complete', () => {
  it('puts the word in, with one space behind it', () => {
    const token = { kind: 'file', from: 4, to: 7, query: 'va' } as const;
    expect(complete('fix @va', token, 'src/a.ts')).toEqual({ text: 'fix @src/a.ts ', caret: 14 });
    expect(complete('fix @va and', token, 'src/a.ts')).toEqual({ text: 'fix @src/a.ts and', caret: 14 });
  });
});

describe('mentions', () => {
  it('finds the command and the files', () => {
    const text = '/fix the pattern in @src/auth/signup.ts, and (@README.md).';
    expect(mentions(text).map(([from, to]) => text.slice(from, to))).toEqual(['/fix', '@src/auth/signup.ts', '@README.md']);
  });

  it('finds none in plain words, and does not draw a huge prompt twice', () => {
    expect(mentions('a/b c@d /late')).toEqual([]);
    expect(mentions(`@a ${'x'.repeat(30_000)}`)).toEqual([]);
  });
});

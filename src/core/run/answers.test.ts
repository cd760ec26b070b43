import { describe, expect, it } from 'vitest';
import { answersAsPrompt, automaticAnswers, checkAnswers } from './answers.ts';

const db = {
  question: 'Which DB?',
  multi_select: false,
  free_text: false,
  options: [{ label: 'SQLite' }, { label: 'Postgres (Recommended)' }],
};
const langs = { question: 'Languages?', multi_select: true, free_text: true, options: [{ label: 'Go' }, { label: 'Rust' }] };

describe('answers', () => {
  it('takes a label in any case and gives back the one that was offered', () => {
    expect(checkAnswers([db], { 'Which DB?': 'sqlite' })).toEqual({ kind: 'valid', answers: { 'Which DB?': ['SQLite'] } });
  });

  it('takes the number of an item in place of its text', () => {
    expect(checkAnswers([db, langs], { 1: 'SQLite', 2: ['Go', 'Zig'] })).toEqual({
      kind: 'valid',
      answers: { 'Which DB?': ['SQLite'], 'Languages?': ['Go', 'Zig'] },
    });
  });

  it('keeps every chosen label of a multi-select, once', () => {
    expect(checkAnswers([langs], { 'Languages?': ['Go', 'Rust', 'go'] })).toEqual({
      kind: 'valid',
      answers: { 'Languages?': ['Go', 'Rust'] },
    });
  });

  it.each([
    ['a label that was not offered', [db], { 'Which DB?': 'Oracle' }, /not one of "SQLite"/],
    ['two labels for a single choice', [db], { 'Which DB?': ['SQLite', 'Postgres (Recommended)'] }, /takes one answer/],
    ['no answer', [db], {}, /has no answer/],
    ['blank text', [langs], { 'Languages?': '  ' }, /has no answer/],
    ['an answer to nothing', [db], { 'Which DB?': 'SQLite', other: 'x' }, /no question "other"/],
    ['an inherited key', [db], { 'Which DB?': 'SQLite', constructor: 'x' }, /no question "constructor"/],
  ])('refuses %s', (_name, items, given, why) => {
    const decision = checkAnswers(items, given as Record<string, string>);
    expect(decision.kind === 'invalid' ? decision.why : '').toMatch(why);
  });
});

it('nobody there: the recommended option, else the first', () => {
  expect(automaticAnswers([db, langs])).toEqual({ 'Which DB?': ['Postgres (Recommended)'], 'Languages?': ['Go'] });
  expect(automaticAnswers([{ ...langs, options: [] }])['Languages?']?.[0]).toMatch(/judgement/);
});

it('an answer that comes late is told with its question', () => {
  expect(answersAsPrompt({ 'Which DB?': ['SQLite'] })).toContain('Question: Which DB?\nAnswer: SQLite');
});

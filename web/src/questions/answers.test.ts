import { describe, expect, it } from 'vitest';
import type { QuestionItem } from '../../../src/contract/resources.ts';
import { answerOf, answersOf, draftsFrom, NOTHING_CHOSEN, optionLabel, sendWords, toggled, typed } from './answers.ts';

const item = (question: string, multi_select: boolean, ...labels: string[]): QuestionItem => ({
  question,
  header: '',
  multi_select,
  options: labels.map((label) => ({ label, description: '' })),
  free_text: true,
});

const one = item('Which?', false, 'A', 'B');
const many = item('Which ones?', true, 'A', 'B', 'C');

describe('a single choice', () => {
  it('takes the last option', () => {
    const draft = toggled(one, toggled(one, NOTHING_CHOSEN, 'A'), 'B');
    expect(answerOf(one, draft)).toEqual(['B']);
  });

  it('takes own words instead, and keeps them when an option is chosen after all', () => {
    const words = typed(one, toggled(one, NOTHING_CHOSEN, 'A'), ' neither ');
    expect(answerOf(one, words)).toEqual(['neither']);
    const back = toggled(one, words, 'A');
    expect(answerOf(one, back)).toEqual(['A']);
    expect(back.text).toBe(' neither ');
  });
});

describe('several choices', () => {
  it('are sent in the order of the options, with the note behind them', () => {
    const draft = typed(many, toggled(many, toggled(many, NOTHING_CHOSEN, 'C'), 'A'), 'and D');
    expect(answerOf(many, draft)).toEqual(['A', 'C', 'and D']);
    expect(answerOf(many, toggled(many, draft, 'C'))).toEqual(['A', 'and D']);
  });
});

describe('answersOf', () => {
  it('waits for every item', () => {
    const chosen = toggled(one, NOTHING_CHOSEN, 'A');
    expect(answersOf([one, many], [chosen])).toBeNull();
    expect(answersOf([one, many], [chosen, toggled(many, NOTHING_CHOSEN, 'B')])).toEqual({ 1: ['A'], 2: ['B'] });
  });

  it('goes by number, so that two items may ask the same', () => {
    const chosen = [toggled(one, NOTHING_CHOSEN, 'A'), toggled(one, NOTHING_CHOSEN, 'B')];
    expect(answersOf([one, one], chosen)).toEqual({ 1: ['A'], 2: ['B'] });
  });

  it('goes by text where the text could be taken for a number', () => {
    const odd = item('2', false, 'A');
    expect(answersOf([odd], [toggled(odd, NOTHING_CHOSEN, 'A')])).toEqual({ 2: ['A'] });
  });

  it('keeps a hostile text a plain key', () => {
    const odd = [item('__proto__', false, 'A'), item('1', false, 'A')];
    const answers = answersOf(
      odd,
      odd.map((each) => toggled(each, NOTHING_CHOSEN, 'A')),
    );
    expect(Object.keys(answers ?? {})).toEqual(['1', '__proto__']);
  });
});

describe('words', () => {
  it('takes the mark out of a recommended label', () => {
    expect(optionLabel('Delete them (Recommended)')).toEqual({ text: 'Delete them', recommended: true });
    expect(optionLabel('(Recommended)')).toEqual({ text: '(Recommended)', recommended: false });
    expect(optionLabel('Keep')).toEqual({ text: 'Keep', recommended: false });
  });

  it('says how many answers are sent', () => {
    const two = toggled(many, toggled(many, NOTHING_CHOSEN, 'A'), 'B');
    expect([sendWords([many], []), sendWords([one], [toggled(one, NOTHING_CHOSEN, 'A')]), sendWords([many], [two])]).toEqual([
      'Send',
      'Send answer',
      'Send 2 answers',
    ]);
  });
});

describe('draftsFrom', () => {
  it('takes what still fits', () => {
    const kept = JSON.stringify([{ chosen: ['A', 'gone'], text: 't', own: true }, 'nonsense']);
    expect(draftsFrom(kept, [one, many])).toEqual([{ chosen: ['A'], text: 't', own: true }, NOTHING_CHOSEN]);
    expect(draftsFrom('', [one])).toEqual([NOTHING_CHOSEN]);
  });
});

import { describe, expect, it } from 'vitest';
import type { RunCard, SearchHit } from '../../../src/contract/web-resources.ts';
import { byNeed, fitting, fittingRuns, otherRuns, parseText } from './sections.ts';

const card = (id: string, title: string, more: Partial<RunCard> = {}) =>
  ({ id, title, status: 'completed', open_question: null, updated_at: '2026-01-01T00:00:00Z', ...more }) as RunCard;
const asks = { id: 'q', text: '?', questions: 1, expires_at: '2026-01-01T00:00:00Z', parked: false };

describe('parseText', () => {
  it('reads what is wanted from the first sign', () => {
    expect(parseText('> new')).toEqual({ only: 'acts', words: 'new' });
    expect(parseText(' #sess')).toEqual({ only: 'runs', words: 'sess' });
    expect(parseText(' sess ')).toEqual({ only: null, words: 'sess' });
  });
});

describe('fitting', () => {
  it('lists the best first, with the letters that fit', () => {
    const found = fitting(['Fork the session', 'Sessions', 'Stop'], 'sess', (label) => label, 5);
    expect(found).toEqual([
      { of: 'Sessions', marks: [[0, 4]] },
      { of: 'Fork the session', marks: [[9, 13]] },
    ]);
  });

  it('lists everything in its order without words, up to the bound', () => {
    expect(fitting(['long one', 'a', 'c'], '', (label) => label, 2).map(({ of }) => of)).toEqual(['long one', 'a']);
  });
});

describe('runs', () => {
  it('stand by need, then by age', () => {
    const cards = [
      card('1', 'done'),
      card('2', 'works', { status: 'running' }),
      card('3', 'asks', { status: 'running', open_question: asks }),
      card('4', 'newer', { updated_at: '2026-01-02T00:00:00Z' }),
    ];
    expect(byNeed(cards).map(({ id }) => id)).toEqual(['3', '2', '4', '1']);
  });

  it('fit by a whole piece of the title or by their id, not by letters far apart', () => {
    const cards = [card('abcdef01', 'Move the session store'), card('12345678', 'Some extra essays')];
    expect(fittingRuns(cards, 'sess', 5).map(({ of }) => of.id)).toEqual(['abcdef01']);
    expect(fittingRuns(cards, '1234', 5).map(({ of }) => of.id)).toEqual(['12345678']);
  });

  it('are listed by need while nothing is typed', () => {
    const cards = [card('1', 'a'), card('2', 'a much longer title', { status: 'running', open_question: asks })];
    expect(fittingRuns(cards, '', 5).map(({ of }) => of.id)).toEqual(['2', '1']);
  });

  it('of the server are listed once, and not beside a card of the same run', () => {
    const hit = (run_id: string, kind: SearchHit['kind'] = 'run') => ({ run_id, kind }) as SearchHit;
    expect(otherRuns([hit('a'), hit('b'), hit('b'), hit('c', 'message')], new Set(['a'])).map(({ run_id }) => run_id)).toEqual(['b']);
  });
});

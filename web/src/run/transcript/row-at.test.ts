import { describe, expect, it } from 'vitest';
import { rowAt } from './row-at.ts';
import type { Row } from './rows.ts';

const row = (seq: number): Row => ({ kind: 'thinking', key: String(seq), seq, at: '', text: '' });
const rows = [10, 12, 30, 31].map(row);

describe('where a record stands', () => {
  it.each([
    [10, 0],
    [11, 0],
    [12, 1],
    [29, 1],
    [31, 3],
    [40, 3],
  ])('%s in row %s', (seq, at) => expect(rowAt(rows, seq, false)).toBe(at));

  it('outside of the window nowhere', () => {
    expect(rowAt(rows, 9, false)).toBeNull();
    expect(rowAt(rows, 200, false)).toBeNull();
    expect(rowAt([], 1, true)).toBeNull();
  });

  it('what lies before the first row of all is that row', () => expect(rowAt(rows, 1, true)).toBe(0));
});

import { describe, expect, it } from 'vitest';
import { STATUSES } from './columns.ts';
import { type Columns, neighbour, placeOf } from './neighbour.ts';

const columns: Columns = { pending: ['a', 'b', 'c'], running: [], review: ['d'], completed: ['e', 'f'], failed: [], cancelled: ['g'] };

describe('the card beside one', () => {
  it.each([
    ['a', 'down', 'b'],
    ['c', 'down', 'c'],
    ['a', 'up', 'a'],
    ['c', 'right', 'd'],
    ['d', 'left', 'a'],
    ['f', 'right', 'g'],
    ['g', 'right', 'g'],
    ['a', 'left', 'a'],
  ] as const)('of %s, %s, is %s', (from, key, to) => {
    const place = placeOf(columns, STATUSES, from);
    expect(place).not.toBeNull();
    if (place === null) return;
    const next = neighbour(columns, STATUSES, place, key);
    expect(columns[next.column][next.index]).toBe(to);
  });

  it('is looked for among the shown columns alone', () => {
    expect(placeOf(columns, ['pending'], 'd')).toBeNull();
    expect(neighbour(columns, ['pending', 'review'], { column: 'review', index: 0 }, 'right')).toEqual({ column: 'review', index: 0 });
  });
});

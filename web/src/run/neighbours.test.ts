import { describe, expect, it } from 'vitest';
import { neighbours } from './neighbours.ts';

const run = (id: string, created_at: string, status: 'review' | 'failed' = 'review', archived = false) => ({
  id,
  created_at,
  status,
  archived,
});
const all = [run('a', '1'), run('b', '2'), run('c', '3'), run('x', '2', 'failed'), run('y', '2', 'review', true), run('d', '2')];

describe('neighbours of a run', () => {
  it('stand in its column, newest first', () => {
    expect(neighbours(all, run('a', '1'))).toEqual({ previous: 'b', next: null });
    expect(neighbours(all, run('c', '3'))).toEqual({ previous: null, next: 'd' });
    expect(neighbours(all, run('d', '2'))).toEqual({ previous: 'c', next: 'b' });
    expect(neighbours(all, run('x', '2', 'failed'))).toEqual({ previous: null, next: null });
  });
});

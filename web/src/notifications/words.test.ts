import { describe, expect, it } from 'vitest';
import { NotificationKindSchema } from '../../../src/contract/web-resources.ts';
import { headOf, KINDS, withRead } from './words.ts';

describe('kinds of notifications', () => {
  it('are all known, each with words of its own', () => {
    expect(Object.keys(KINDS).sort()).toEqual([...NotificationKindSchema.options].sort());
    expect(new Set(Object.values(KINDS).map(({ words }) => words)).size).toBe(NotificationKindSchema.options.length);
  });

  it('name the run they are about', () => {
    expect(headOf({ kind: 'run_failed', run_title: 'Fix it' })).toBe('Failed: Fix it');
    expect(headOf({ kind: 'capacity', run_title: null })).toBe('Waiting for capacity');
  });
});

describe('withRead', () => {
  it('marks those named, or all, and leaves the others as they are', () => {
    const items = [
      { id: 1, read: false },
      { id: 2, read: false },
      { id: 3, read: true },
    ];
    const one = withRead(items, [2, 9]);
    expect(one.map(({ read }) => read)).toEqual([false, true, true]);
    expect(one[0]).toBe(items[0]);
    expect(withRead(items, null).every(({ read }) => read)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { card } from '../board/card.fixture.ts';
import { type ListFilter, listRows, rangeTo, sorted } from './list-rows.ts';

const ALL: ListFilter = { projects: null, status: null, archived: false, search: '' };
const at = (minute: number): string => `2026-01-01T10:0${minute}:00.000Z`;
const titles = (rows: readonly { readonly title: string }[]): string[] => rows.map(({ title }) => title);

describe('rows of the list', () => {
  const read = [card({ title: 'b', created_at: at(2) }), card({ title: 'a', created_at: at(1) })];

  it('are none until something was read', () => expect(listRows(null, read, ALL)).toEqual([]));

  it('show runs as they are now, and leave out those that no longer belong', () => {
    const [b, a] = read as [(typeof read)[0], (typeof read)[0]];
    const known = [
      { ...b, title: 'b renamed' },
      { ...a, archived: true },
    ];
    expect(titles(listRows(read, known, ALL))).toEqual(['b renamed']);
    expect(titles(listRows(read, [{ ...b, status: 'review' }], { ...ALL, status: 'running' }))).toEqual(['a']);
  });

  it('begin with what was made since, the newest first', () => {
    const known = [...read, card({ title: 'c', created_at: at(3) }), card({ title: 'd', created_at: at(4) })];
    expect(titles(listRows(read, known, ALL))).toEqual(['d', 'c', 'b', 'a']);
  });

  it('take nothing in that is older than what was read, of another project, or that only a search could find', () => {
    const known = [
      card({ title: 'older', created_at: at(0) }),
      card({ title: 'elsewhere', created_at: at(5), project_id: 'p2', project: 'other' }),
    ];
    expect(titles(listRows(read, known, { ...ALL, projects: new Set(['p1']) }))).toEqual(['b', 'a']);
    expect(titles(listRows(read, [card({ title: 'new', created_at: at(5) })], { ...ALL, search: 'b' }))).toEqual(['b', 'a']);
  });

  it('a project is meant by its id or its name', () => {
    expect(listRows(read, [], { ...ALL, projects: new Set(['auth-service']) })).toHaveLength(2);
    expect(listRows(read, [], { ...ALL, projects: new Set(['infra']) })).toHaveLength(0);
  });
});

describe('order', () => {
  const rows = [
    card({ title: 'b', cost_usd: 1, started_at: at(0), ended_at: at(1) }),
    card({ title: 'a', cost_usd: null, started_at: null }),
    card({ title: 'c', cost_usd: 9, started_at: at(0), ended_at: null }),
  ];
  it.each([
    ['newest', ['b', 'a', 'c']],
    ['title', ['a', 'b', 'c']],
    ['cost', ['c', 'b', 'a']],
    ['time', ['c', 'b', 'a']],
  ] as const)('by %s', (sort, order) => expect(titles(sorted(rows, sort, Date.parse(at(5))))).toEqual(order));
});

it('a range goes both ways, and is one row where nothing was chosen before', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect(rangeTo(ids, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(rangeTo(ids, 'd', 'b')).toEqual(['b', 'c', 'd']);
  expect(rangeTo(ids, null, 'c')).toEqual(['c']);
  expect(rangeTo(ids, 'gone', 'c')).toEqual(['c']);
});

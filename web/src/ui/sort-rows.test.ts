import { expect, it } from 'vitest';
import { sortRows } from './sort-rows.ts';

const ROWS = [
  { name: 'run-10', cost: 1 },
  { name: 'Run-2', cost: null },
  { name: 'api', cost: 9 },
  { name: 'zeta', cost: 1 },
];
const names = (rows: typeof ROWS) => rows.map(({ name }) => name);

it('sorts numbers as numbers and words as people do', () => {
  expect(names(sortRows(ROWS, ({ name }) => name, false))).toEqual(['api', 'Run-2', 'run-10', 'zeta']);
  expect(names(sortRows(ROWS, ({ name }) => name, true))).toEqual(['zeta', 'run-10', 'Run-2', 'api']);
});

it('keeps the order of equal rows, and rows without a key last in both directions', () => {
  expect(names(sortRows(ROWS, ({ cost }) => cost, false))).toEqual(['run-10', 'zeta', 'api', 'Run-2']);
  expect(names(sortRows(ROWS, ({ cost }) => cost, true))).toEqual(['api', 'run-10', 'zeta', 'Run-2']);
});

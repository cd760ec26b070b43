import { expect, test } from 'vitest';
import { fixtureRun } from '../../../test/support/fixture-resources.ts';
import type { Attempt } from '../../contract/resources.ts';
import { workedMs } from './worked-time.ts';

const at = (second: number): string => new Date(second * 1000).toISOString();
const attempts = (...lives: [number, number | null][]) => ({
  call: (async () => ({
    items: lives.map(([from, to]) => ({ started_at: at(from), ended_at: to === null ? null : at(to) }) as Attempt),
  })) as never,
});
const nobody = { call: (() => Promise.reject(new Error('nothing is to be asked'))) as never };

test('what lay between the attempts does not count', async () => {
  const run = fixtureRun({ attempts: 3, started_at: at(0), ended_at: null });
  expect(await workedMs(attempts([0, 10], [500, 520], [900, null]), run, 905_000)).toBe(35_000);
});

test('of one attempt, or none, the run itself tells', async () => {
  expect(await workedMs(nobody, fixtureRun({ attempts: 1, started_at: at(5), ended_at: at(9) }), 0)).toBe(4_000);
  const waiting = fixtureRun({ attempts: 0, created_at: at(1), started_at: null, ended_at: null });
  expect(await workedMs(nobody, waiting, 3_000)).toBe(2_000);
});

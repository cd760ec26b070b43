import { describe, expect, it } from 'vitest';
import { axisTicks, dayName, dayStacks, familyTotals, sinceDays } from './day-stacks.ts';
import { familyOf } from './families.ts';

const POINTS = [
  { day: '2026-02-27', key: 'claude-opus-4-5', cost_usd: 2 },
  { day: '2026-02-27', key: 'claude-opus-4-1', cost_usd: 1 },
  { day: '2026-02-27', key: 'claude-haiku-4-5', cost_usd: 0.25 },
  { day: '2026-03-01', key: 'somebody-elses-model', cost_usd: 4 },
  { day: '2026-03-01', key: 'claude-sonnet-5', cost_usd: 0 },
];

describe('stacks of days', () => {
  it('have every day, also over the end of a month and without cost', () => {
    const stacks = dayStacks('2026-02-26', '2026-03-01', POINTS);
    expect(stacks.map(({ day, total }) => [day, total])).toEqual([
      ['2026-02-26', 0],
      ['2026-02-27', 3.25],
      ['2026-02-28', 0],
      ['2026-03-01', 4],
    ]);
  });

  it('add models of one family up, the dearer family at the bottom', () => {
    const [, second] = dayStacks('2026-02-26', '2026-03-01', POINTS);
    expect(second?.parts.map(({ family, cost }) => [family.label, cost])).toEqual([
      ['Opus', 3],
      ['Haiku', 0.25],
    ]);
  });

  it('give the totals of a legend', () => {
    const totals = familyTotals(dayStacks('2026-02-26', '2026-03-01', POINTS));
    expect(totals.map(({ family, cost }) => [family.label, cost])).toEqual([
      ['Opus', 3],
      ['Haiku', 0.25],
      ['Other', 4],
    ]);
  });

  it('end, whatever the server answers', () => {
    expect(dayStacks('0001-01-01', '9999-01-01', [])).toHaveLength(400);
    expect(dayStacks('no day', '2026-03-01', POINTS)).toEqual([]);
  });
});

describe('the axis', () => {
  it.each([
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
    [0.03, [0, 0.01, 0.02, 0.03]],
    [7, [0, 2, 4, 6, 8]],
    [32, [0, 10, 20, 30, 40]],
    [12_345, [0, 5000, 10_000, 15_000]],
  ])('up to %s', (most, ticks) => {
    const found = axisTicks(most);
    expect(found).toHaveLength(ticks.length);
    for (const [index, tick] of ticks.entries()) expect(found[index]).toBeCloseTo(tick, 9);
  });
});

it('families are found by the name of the model alone', () => {
  expect(familyOf('anthropic/Claude-OPUS-4').label).toBe('Opus');
  expect(familyOf('gpt-6-codex').label).toBe('Other');
});

it('days are UTC days', () => {
  expect(dayName('2026-11-09')).toBe('Nov 9');
  expect(sinceDays(1, Date.parse('2026-11-25T23:59:59.999Z'))).toBe('2026-11-25T00:00:00.000Z');
  expect(sinceDays(30, Date.parse('2026-11-25T00:00:00.000Z'))).toBe('2026-10-27T00:00:00.000Z');
});

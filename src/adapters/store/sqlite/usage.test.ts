import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelCallRow, Store } from '../../../ports/store.ts';
import type { Clock } from '../../../ports/system.ts';
import type { UsageFilter } from '../../../ports/usage-store.ts';
import { systemClock } from '../../system/clock.ts';
import { openTemporary, withProject, withRun } from './opened.fixture.ts';
import { callRow } from './rows.fixture.ts';
import { splitRange } from './usage-range.ts';

const DAYS = 4;
const START = Date.parse('2026-11-01T00:00:00.000Z');
const NOW = START + DAYS * 24 * 3_600_000;
const clock: Clock = { ...systemClock(), nowMs: () => NOW };
const time = (hour: number): string => new Date(START + hour * 3_600_000).toISOString();

/** Calls over some days, runs and models; some settled in one step, some after a reservation, some corrected afterwards. */
async function withCalls(store: Store): Promise<ModelCallRow[]> {
  const calls: ModelCallRow[] = [];
  for (const project of [await withProject(store), await withProject(store)]) {
    for (let index = 0; index < 5; index += 1) {
      const run = await withRun(store, project.id);
      for (let call = 0; call < 8; call += 1) {
        const hour = (index * 7 + call * 11) % (DAYS * 24);
        calls.push(
          callRow(run, { at: time(hour + 0.5), model: call % 3 === 0 ? 'model-b' : 'model-a', cost_usd: call === 5 ? null : call / 4 }),
        );
      }
    }
  }
  for (const [index, call] of calls.entries()) {
    await store.transaction(async (tx) => {
      if (index % 3 === 0) return tx.insertModelCall(call);
      await tx.insertModelCall({ ...call, state: 'reserved', cost_usd: null, input_tokens: 0, output_tokens: 0 });
      if (index % 3 === 2) await tx.updateModelCall(call.id, { state: 'settled', cost_usd: 99, model: 'model-c' });
      await tx.updateModelCall(call.id, { ...call });
    });
  }
  return calls;
}

const within = (filter: UsageFilter) => (call: ModelCallRow) =>
  (filter.since === undefined || call.at >= filter.since) &&
  (filter.until === undefined || call.at < filter.until) &&
  (filter.project_id === undefined || call.project_id === filter.project_id);

function sums(calls: ModelCallRow[]) {
  return {
    model_calls: calls.length,
    input_tokens: calls.length * 100,
    cost_usd: calls.reduce((sum, call) => sum + (call.cost_usd ?? 0), 0),
    unpriced_calls: calls.filter((call) => call.cost_usd === null).length,
  };
}

describe('usage', () => {
  it('is the sum of the settled calls, for every range of time and every grouping', async () => {
    const store = await openTemporary({ clock });
    const calls = await withCalls(store);
    expect(await store.unsettledCalls()).toEqual([]);
    const hour = fc.integer({ min: -5, max: DAYS * 24 + 5 }).map(time);
    const project = fc.constantFrom(...new Set(calls.map((call) => call.project_id)));
    await fc.assert(
      fc.asyncProperty(fc.record({ since: hour, until: hour, project_id: project }, { requiredKeys: [] }), async (filter) => {
        const wanted = calls.filter(within(filter));
        expect(await store.usageTotals(filter)).toMatchObject(sums(wanted));
        const groups: [keyof ModelCallRow, object[]][] = [
          ['project_id', await store.usageByProject(filter)],
          ['model', await store.usageByModel(filter)],
          ['run_id', await store.usageByRun(filter, 100)],
        ];
        for (const [key, rows] of groups) {
          expect(rows).toHaveLength(new Set(wanted.map((call) => call[key])).size);
          for (const row of rows) expect(row).toMatchObject(sums(wanted.filter((call) => call[key] === Reflect.get(row, key))));
        }
        for (const row of await store.usageByDay(filter))
          expect(row).toMatchObject(sums(wanted.filter((call) => call.at.startsWith(row.day))));
      }),
      { numRuns: 60 },
    );
  });

  it('counts a run once, and lists the dearest first', async () => {
    const store = await openTemporary({ clock });
    const calls = await withCalls(store);
    expect((await store.usageTotals({})).runs).toBe(10);
    const days = await store.usageByDay({});
    expect(days.reduce((sum, day) => sum + day.runs, 0)).toBe(10);
    expect((await store.usageByModel({})).map((row) => row.runs)).toEqual([10, 10]);
    const dearest = await store.usageByRun({}, 3);
    expect(dearest).toHaveLength(3);
    const [first] = dearest;
    expect(first?.cost_usd).toBe(Math.max(...dearest.map((row) => row.cost_usd)));
    expect(first?.cost_usd).toBeCloseTo(sums(calls.filter((call) => call.run_id === first?.run_id)).cost_usd);
  });

  it('gives the 90th percentile of the output of a profile, when it knows enough calls', async () => {
    const store = await openTemporary({ clock });
    const run = await withRun(store, (await withProject(store)).id, { profile: 'deep' });
    const insert = (output_tokens: number) => store.transaction((tx) => tx.insertModelCall(callRow(run, { output_tokens })));
    for (const tokens of [1, 2, 3, 4]) await insert(tokens);
    expect(await store.outputTokensP90('deep')).toBeNull();
    for (const tokens of [5, 6, 7, 8, 9, 10]) await insert(tokens);
    expect(await store.outputTokensP90('deep')).toBe(9);
    expect(await store.outputTokensP90('quick')).toBeNull();
  });
});

describe('usage of runs that are gone', () => {
  it('stays in the sums of days, of projects and of models, wherever a range begins', async () => {
    let nowMs = NOW;
    const store = await openTemporary({ clock: { ...clock, nowMs: () => nowMs } });
    const calls = await withCalls(store);
    nowMs += 30 * 24 * 3_600_000;
    const filter = { since: time(30), until: time(DAYS * 24) };
    const all = async () => [
      await store.usageTotals(filter),
      await store.usageByProject(filter),
      await store.usageByModel(filter),
      await store.usageByDay(filter),
    ];
    const before = await all();
    expect(before[0]).toMatchObject(sums(calls.filter((call) => call.at >= time(24))));
    await store.transaction(async (tx) => {
      for (const id of new Set(calls.map((call) => call.run_id))) await tx.deleteRun(id);
    });
    expect(await all()).toEqual(before);
    expect(await store.usageByRun(filter, 10)).toEqual([]);
  });
});

describe('splitRange', () => {
  it('takes whole days from the sums and the rest from the calls', () => {
    expect(splitRange({ since: time(3), until: time(50) }, NOW)).toEqual({
      days: { from: '2026-11-02', to: '2026-11-03' },
      edges: [
        { from: time(3), to: time(24) },
        { from: time(48), to: time(50) },
      ],
    });
    expect(splitRange({ since: time(3), until: time(5) }, NOW)).toEqual({ days: null, edges: [{ from: time(3), to: time(5) }] });
    expect(splitRange({ since: time(0), until: time(24) }, NOW)).toEqual({ days: { from: '2026-11-01', to: '2026-11-02' }, edges: [] });
    expect(() => splitRange({ since: 'yesterday' }, NOW)).toThrow();
  });

  it('counts whole days at ends that lie far back, where calls may be gone with their runs', () => {
    const later = NOW + 30 * 24 * 3_600_000;
    expect(splitRange({ since: time(3), until: time(50) }, later)).toEqual({ days: { from: '2026-11-01', to: '2026-11-04' }, edges: [] });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { silentLog } from '../adapters/system/log.ts';
import { systemRandom } from '../adapters/system/random.ts';
import { moneyCapSentence } from '../core/money/refusal-text.ts';
import type { LiveHint } from '../ports/bus.ts';
import type { CallRequest, CallUsage, TokenGrant } from '../ports/gateway.ts';
import type { RunRow, Store } from '../ports/store.ts';
import { type ModelCallMeter, meterModelCalls } from './meter-model-calls.ts';

interface World {
  store: Store;
  meter: ModelCallMeter;
  again: () => ModelCallMeter;
  grant: TokenGrant;
  hints: LiveHint[];
  run: () => Promise<RunRow>;
  events: () => Promise<string[]>;
}

async function world(over: Partial<RunRow> = {}, prices: Record<string, { input: number; output: number }> = {}): Promise<World> {
  const store = await openTemporary();
  const project = await withProject(store);
  const { id } = await withRun(store, project.id, { status: 'running', epoch: 1, cost_usd: 0, reserved_usd: 0, model_calls: 0, ...over });
  const attempt = attemptRow(id, { epoch: 1 });
  await store.transaction((tx) => tx.insertAttempt(attempt));
  const hints: LiveHint[] = [];
  const again = (): ModelCallMeter =>
    meterModelCalls({
      store,
      bus: { publish: (hint) => hints.push(hint), subscribe: () => () => {} },
      settings: { get: ((key: string) => (key === 'prices' ? prices : null)) as never },
      clock: systemClock(),
      random: systemRandom(),
      log: silentLog(),
      redact: (text: string) => text,
      onSeen: () => {},
      onRateLimited: () => {},
    });
  const run = async (): Promise<RunRow> => {
    const row = await store.run(id);
    if (row === null) throw new Error('the run is gone');
    return row;
  };
  const grant = { runId: id, projectId: project.id, attemptId: attempt.id, profile: 'standard', models: null };
  const events = async (): Promise<string[]> => (await store.runEvents(id, 0, 1_000)).map((event) => event.type);
  return { store, meter: again(), again, grant, hints, run, events };
}

const REQUEST: CallRequest = { provider: 'anthropic', model: 'claude-sonnet-5', inputBytes: 30_000, maxOutputTokens: 1_000 };
/** 10,000 tokens in at $2, 1,000 out at $10: $0.03. */
const ESTIMATE = 0.03;
/** The same at the rate of the hourly cache, $4, with all the output that was allowed. */
const MOST = 0.05;
const USAGE: CallUsage = { inputTokens: 500, outputTokens: 250, cacheReadTokens: 0, cacheWriteTokens: 0 };

function end(usage: CallUsage | null = USAGE, model = 'claude-sonnet-5') {
  return { usage, model, status: usage === null ? null : 200, latencyMs: 12.4, waitMs: 0.2 };
}

async function granted(meter: ModelCallMeter, grant: TokenGrant, request = REQUEST): Promise<string> {
  const reservation = await meter.reserve(grant, request);
  if (reservation.kind !== 'granted') throw new Error(reservation.sentence);
  return reservation.callId;
}

describe('the ledger of model calls', () => {
  it('sets the estimate aside, then puts the real figures in its place', async () => {
    const { meter, grant, run, store, hints } = await world({ max_cost_usd: 5 });
    const callId = await granted(meter, grant);
    expect(await run()).toMatchObject({ cost_usd: 0, model_calls: 0 });
    expect((await run()).reserved_usd).toBeCloseTo(ESTIMATE);
    expect(await store.unsettledCalls()).toMatchObject([{ id: callId, state: 'reserved' }]);
    await meter.settle(callId, end());
    expect(await run()).toMatchObject({ reserved_usd: 0, model_calls: 1, input_tokens: 500, output_tokens: 250 });
    expect((await run()).cost_usd).toBeCloseTo(0.0035, 9);
    expect(await store.unsettledCalls()).toEqual([]);
    const update = hints.filter((hint) => hint.type === 'token_update');
    expect(update.map((hint) => hint.topic)).toEqual(['board', `run:${grant.runId}`]);
    expect(update[0]?.data).toMatchObject({ id: grant.runId, model_calls: 1, input_tokens: 500 });
  });

  it('counts a settlement once, however often it comes', async () => {
    const { meter, grant, run } = await world();
    const callId = await granted(meter, grant);
    await Promise.all([meter.settle(callId, end()), meter.settle(callId, end()), meter.settle('unknown', end())]);
    await meter.settle(callId, end());
    expect(await run()).toMatchObject({ model_calls: 1, input_tokens: 500, reserved_usd: 0 });
  });

  it('a call of unknown usage costs the most that it may; one that used nothing costs nothing', async () => {
    const { meter, grant, run } = await world({ max_cost_usd: 5 });
    await meter.settle(await granted(meter, grant), end(null));
    expect((await run()).cost_usd).toBeCloseTo(MOST, 9);
    await meter.settle(await granted(meter, grant), end({ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }));
    expect((await run()).cost_usd).toBeCloseTo(MOST, 9);
  });

  it('does not let an agent spend unseen by hanging up: small history, huge allowance', async () => {
    const { meter, grant, run } = await world({ max_cost_usd: 1 });
    const huge = { ...REQUEST, maxOutputTokens: 64_000 };
    // Five answers of one token each: the history says that answers are short.
    const short = { ...USAGE, inputTokens: 1, outputTokens: 1 };
    for (let i = 0; i < 5; i += 1) await meter.settle(await granted(meter, grant), end(short));
    await meter.settle(await granted(meter, grant, huge), end(null));
    expect((await run()).cost_usd).toBeGreaterThanOrEqual(0.02 + 0.64);
    await meter.settle(await granted(meter, grant, huge), end({ ...short, outputAtMost: 64_000 }));
    expect((await run()).cost_usd).toBeGreaterThanOrEqual(1.28);
    expect((await run()).output_tokens).toBe(6);
    expect((await meter.reserve(grant, huge)).kind).toBe('refused');
  });

  it('many calls at once that may cost far more than their estimate: four of them go, the others wait', async () => {
    const { meter, grant } = await world({ max_cost_usd: 1 });
    const huge = { ...REQUEST, inputBytes: 300, maxOutputTokens: 64_000 };
    const going: string[] = [];
    const all = Array.from({ length: 9 }, async () => void going.push(await granted(meter, grant, huge)));
    await expect.poll(() => going.length).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(going).toHaveLength(4);
    for (let settled = 0; settled < 9; settled += 1) {
      await expect.poll(() => going.length).toBeGreaterThan(settled);
      await meter.settle(going[settled] ?? '', end({ ...USAGE, inputTokens: 1, outputTokens: 1 }));
      expect(going.length).toBeLessThanOrEqual(settled + 5);
    }
    await Promise.all(all);
  });

  it('prices by the model that answered, else by the one that was asked for', async () => {
    const { meter, grant, run } = await world();
    await meter.settle(await granted(meter, grant), end(USAGE, 'claude-opus-5-5'));
    expect((await run()).cost_usd).toBeCloseTo(0.007);
    await meter.settle(await granted(meter, grant), end(USAGE, 'a-new-name'));
    expect((await run()).cost_usd).toBeCloseTo(0.0105);
  });

  it('stops at the cap, overshoots by one call at most, and says so once', async () => {
    const { meter, grant, run, events } = await world({ max_cost_usd: 0.01 });
    let calls = 0;
    for (; calls < 50; calls += 1) {
      const reservation = await meter.reserve(grant, REQUEST);
      if (reservation.kind === 'refused') {
        expect(reservation).toMatchObject({ code: 'budget', sentence: moneyCapSentence(0.0105, 0.01) });
        break;
      }
      await meter.settle(reservation.callId, end());
    }
    // $0.0035 each: the third leaves $0.0105.
    expect(calls).toBe(3);
    for (let i = 0; i < 5; i += 1) expect((await meter.reserve(grant, REQUEST)).kind).toBe('refused');
    expect((await run()).cost_usd).toBeCloseTo(0.0105);
    const types = await events();
    expect(types.filter((type) => type === 'budget.refused')).toHaveLength(1);
    expect(types.filter((type) => type === 'budget.warned')).toHaveLength(1);
    expect(types.filter((type) => type === 'model.call_refused')).toHaveLength(1);
  });

  it('a call that does not fit beside others waits for one of them instead of ending the run', async () => {
    const { meter, grant } = await world({ max_cost_usd: 0.05 });
    const first = await granted(meter, grant);
    let second: string | null = null;
    const waiting = granted(meter, grant).then((callId) => {
      second = callId;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(second).toBeNull();
    await meter.settle(first, end());
    await waiting;
    expect(second).not.toBeNull();
  });

  it('a call whose agent goes away stops waiting, and no refusal is recorded', async () => {
    const { meter, grant, events } = await world({ max_cost_usd: 0.05 });
    await granted(meter, grant);
    const controller = new AbortController();
    const waiting = meter.reserve(grant, REQUEST, controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect(await waiting).toMatchObject({ kind: 'refused', code: 'stopped' });
    expect(await events()).toEqual([]);
  });

  it('fails closed: with a cap, no call of unknown price; without one, the cost becomes unknown', async () => {
    const capped = await world({ max_cost_usd: 5 });
    const request = { ...REQUEST, model: 'mystery' };
    expect(await capped.meter.reserve(capped.grant, request)).toMatchObject({ kind: 'refused', code: 'price_unknown' });
    const free = await world({ max_cost_usd: null });
    await free.meter.settle(await granted(free.meter, free.grant, request), end(USAGE, 'mystery'));
    expect(await free.run()).toMatchObject({ cost_usd: null, input_tokens: 500 });
    const own = await world({ max_cost_usd: 5 }, { mystery: { input: 1, output: 1 } });
    await own.meter.settle(await granted(own.meter, own.grant, request), end(USAGE, 'mystery'));
    expect((await own.run()).cost_usd).toBeCloseTo(0.00075);
  });

  it('refuses the calls of an attempt that has ended, of an older epoch, and of a run that is gone', async () => {
    const at = await world();
    const refused = { kind: 'refused', code: 'stopped' };
    expect(await at.meter.reserve({ ...at.grant, attemptId: 'f'.repeat(32) }, REQUEST)).toMatchObject(refused);
    expect(await at.meter.reserve({ ...at.grant, runId: 'f'.repeat(32) }, REQUEST)).toMatchObject(refused);
    await at.store.transaction((tx) => tx.updateRun(at.grant.runId, { epoch: 2 }));
    expect(await at.meter.reserve(at.grant, REQUEST)).toMatchObject(refused);
    await at.store.transaction((tx) => tx.updateRun(at.grant.runId, { epoch: 1 }));
    await granted(at.meter, at.grant);
    await at.store.transaction((tx) => tx.updateAttempt(at.grant.attemptId, { state: 'ended' }));
    expect(await at.meter.reserve(at.grant, REQUEST)).toMatchObject(refused);
  });

  it('a process that died between call and booking (fault 57): the next one books the most it may have cost, once', async () => {
    const { meter, again, grant, run, store } = await world({ max_cost_usd: 5 });
    await granted(meter, grant);
    const done = await granted(meter, grant);
    await meter.settle(done, end());
    const next = again();
    const mine = await granted(next, grant);
    expect(await Promise.all([next.recoverUnsettled(), next.recoverUnsettled()])).toEqual([1, 1]);
    expect(await next.recoverUnsettled()).toBe(0);
    expect((await run()).cost_usd).toBeCloseTo(MOST + 0.0035, 9);
    expect((await run()).reserved_usd).toBeCloseTo(ESTIMATE);
    await next.settle(mine, end());
    expect((await run()).reserved_usd).toBeCloseTo(0);
    expect(await store.unsettledCalls()).toEqual([]);
  });

  it('a settlement that cannot be written stays reserved and is tried again', async () => {
    const at = await world({ max_cost_usd: 5 });
    const timers: (() => void)[] = [];
    let failing = false;
    const store: Store = {
      ...at.store,
      transaction: (work) => (failing ? Promise.reject(new Error('busy')) : at.store.transaction(work)),
    };
    const meter = meterModelCalls({
      store,
      bus: { publish: () => {}, subscribe: () => () => {} },
      settings: { get: (() => ({})) as never },
      clock: {
        ...systemClock(),
        after: (_ms, callback) => {
          timers.push(callback);
          return () => {};
        },
      },
      random: systemRandom(),
      log: silentLog(),
      redact: (text: string) => text,
      onSeen: () => {},
      onRateLimited: () => {},
    });
    const callId = await granted(meter, at.grant);
    failing = true;
    await expect(meter.settle(callId, end())).rejects.toThrow('busy');
    expect((await at.run()).reserved_usd).toBeCloseTo(ESTIMATE);
    failing = false;
    timers.at(-1)?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await at.run()).toMatchObject({ reserved_usd: 0, model_calls: 1 });
  });
});

describe('calls that come and go at the same time', () => {
  it('never pass the cap by more than one call, and leave nothing reserved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bytes: fc.integer({ min: 300, max: 90_000 }), output: fc.integer({ min: 1, max: 1_000 }) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.double({ min: 0.005, max: 0.2, noNaN: true }),
        async (calls, cap) => {
          const { meter, grant, run, store } = await world({ max_cost_usd: cap });
          let dearest = 0;
          await Promise.all(
            calls.map(async ({ bytes, output }) => {
              const reservation = await meter.reserve(grant, { ...REQUEST, inputBytes: bytes, maxOutputTokens: 1_000 });
              if (reservation.kind === 'refused') return;
              await new Promise((resolve) => setTimeout(resolve, output % 7));
              // At most what was estimated, as estimates are meant to be.
              const usage = { ...USAGE, inputTokens: Math.floor(bytes / 3), outputTokens: output };
              dearest = Math.max(dearest, (usage.inputTokens * 2 + output * 10) / 1e6);
              await meter.settle(reservation.callId, end(usage));
            }),
          );
          const row = await run();
          expect(row.cost_usd ?? 0).toBeLessThanOrEqual(cap + dearest + 1e-9);
          expect(row.reserved_usd).toBeCloseTo(0, 9);
          expect(await store.unsettledCalls()).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });
});

/**
 * Faults 1 and 57 with the real agent program: the server is killed while model calls go on. What the provider served is in our ledger,
 * what was in flight counts as spent, and nothing counts twice.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServedRequest } from '../../scripted-model/ledger.ts';
import { type ScriptedModel, startScriptedModel } from '../../scripted-model/server.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { noteWork, quiet, type Stage, stage, untilWhole } from './drive.ts';
import { costsAgreeWithTheProvider, type ProviderLedger } from './invariants.ts';
import { observe } from './observe.ts';

const TEST_MS = 90_000;
let state: Stage;
let model: ScriptedModel;
beforeEach(async () => {
  state = await stage();
  model = await startScriptedModel();
});
afterEach(async () => {
  await model.close();
  await state.close();
});

const isCall = (request: ServedRequest): boolean => request.path.startsWith('/v1/messages') && !request.path.includes('count_tokens');

function providerLedger(inFlight: number): ProviderLedger {
  const calls = model.requests.filter((request) => isCall(request) && request.usage !== null);
  const whole = calls.filter((request) => request.end === 'served');
  const complete = whole.map(({ usage }) => ({ input: usage?.input_tokens ?? 0, output: usage?.output_tokens ?? 0 }));
  return { complete, inFlight };
}

/** At the moment of the kill: what was reserved and never settled is all that may be booked too high. */
async function noteKill(): Promise<number> {
  await noteWork(state);
  return (await observe(state.home, state.repository, null)).calls.filter((call) => call.state === 'reserved').length;
}

async function submit(gluon: Gluon, prompt: string): Promise<string> {
  await gluon.call('projects.add', { name: 'shop', path: state.repository });
  const run = await gluon.call('runs.create', { project: 'shop', prompt, model: 'claude-sonnet-5' });
  state.ledger.accepted.push(run.id);
  return run.id;
}

async function whole(gluon: Gluon, inFlight: number): Promise<void> {
  await quiet(gluon, 60_000);
  expect((await untilWhole(gluon, state)).broken).toEqual([]);
  const seen = await observe(state.home, state.repository, gluon.server.pid ?? null);
  expect(costsAgreeWithTheProvider(seen, providerLedger(inFlight))).toEqual([]);
  expect(seen.calls.length).toBeGreaterThan(0);
}

test.each(['attempt.agent-started', 'attempt.imported-live', 'attempt.before-import', 'finish.before-write', 'finish.after-write'])(
  'killed at %s',
  { timeout: TEST_MS },
  async (point) => {
    let gluon = await startGluon({ home: state.home, model, fault: `${point}@1=kill` });
    try {
      const died = new Promise((resolve) => gluon.server.once('exit', resolve));
      await submit(gluon, 'SCENARIO:edit{"file":"a.txt","text":"by the agent"}').catch(() => undefined);
      await died;
      expect(gluon.server.signalCode).toBe('SIGKILL');
      const inFlight = await noteKill();
      gluon = await gluon.restart({ fault: '' });
      await whole(gluon, inFlight);
      const { items } = await gluon.call('runs.list', {});
      expect(items.map((run) => [run.status, run.outcome])).toEqual([['review', 'completed']]);
    } finally {
      await gluon.stop();
    }
  },
);

test('killed in the middle of an answer of the model', { timeout: TEST_MS }, async () => {
  let gluon = await startGluon({ home: state.home, model });
  try {
    const id = await submit(gluon, 'SCENARIO:stream{"words":400,"delay_ms":20}');
    for (let look = 0; look < 1_200 && !model.requests.some((request) => isCall(request) && request.end === 'open'); look += 1)
      await new Promise((resolve) => setTimeout(resolve, 25));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await gluon.kill();
    const inFlight = await noteKill();
    expect(inFlight).toBe(1);
    gluon = await gluon.restart({ fault: '' });
    await whole(gluon, inFlight);
    const run = await gluon.call('runs.get', { run: id });
    expect([run.status, run.outcome]).toEqual(['review', 'completed']);
    const seen = await observe(state.home, state.repository, gluon.server.pid ?? null);
    expect(seen.calls.filter((call) => call.state === 'settled').length).toBeGreaterThanOrEqual(2);
  } finally {
    await gluon.stop();
  }
});

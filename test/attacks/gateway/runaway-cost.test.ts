/** Threat 49: an agent that never stops asking is stopped by the gateway, with the real ledger behind it. */
import { expect, it } from 'vitest';
import {
  answerJson,
  answerStream,
  ask,
  grantFor,
  MESSAGE,
  type Rig,
  rig,
  type Script,
  streamOf,
  until,
} from '../../../src/adapters/gateway/http/gateway.fixture.ts';
import { openTemporary, withProject, withRun } from '../../../src/adapters/store/sqlite/opened.fixture.ts';
import { attemptRow } from '../../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { systemRandom } from '../../../src/adapters/system/random.ts';
import type { Store } from '../../../src/ports/store.ts';
import { meterModelCalls } from '../../../src/services/meter-model-calls.ts';

async function metered(
  script: Script,
  capUsd: number | null,
  rejectionsInARow = 50,
): Promise<{ at: Rig; token: string; store: Store; runId: string }> {
  const store = await openTemporary();
  const project = await withProject(store);
  const run = await withRun(store, project.id, {
    status: 'running',
    epoch: 1,
    cost_usd: 0,
    reserved_usd: 0,
    model_calls: 0,
    max_cost_usd: capUsd,
  });
  const attempt = attemptRow(run.id, { epoch: 1 });
  await store.transaction((tx) => tx.insertAttempt(attempt));
  const meter = meterModelCalls({
    store,
    bus: { publish: () => {}, subscribe: () => () => {} },
    settings: { get: (() => ({})) as never },
    clock: systemClock(),
    random: systemRandom(),
    log: silentLog(),
    redact: (text: string) => text,
    onSeen: () => {},
    onRateLimited: () => {},
  });
  const at = await rig(script, { meter, limits: { rejectionsInARow } });
  const grant = grantFor({ runId: run.id, projectId: project.id, attemptId: attempt.id });
  return { at, token: at.gateway.issue(grant), store, runId: run.id };
}

/** Asks until it is told to stop, as a loop without sense would; `most` keeps the test finite. */
async function askForEver(at: Rig, token: string, most: number): Promise<{ asked: number; refusal: string | undefined }> {
  for (let asked = 0; asked < most; asked += 1) {
    const answer = await ask(at, { token });
    const refusal = answer.headers['x-gluon-refusal'];
    if (refusal !== undefined) return { asked, refusal: String(refusal) };
  }
  return { asked: most, refusal: undefined };
}

it('a provider that always says "continue": the cap ends it, at one call over it at most', async () => {
  const { at, token, store, runId } = await metered((_request, res) => answerStream(res, streamOf({ input: 500, output: 250 })), 0.05);
  const end = await askForEver(at, token, 60);
  // $0.0035 a call: the fifteenth passes $0.05.
  expect(end).toEqual({ asked: 15, refusal: 'budget' });
  expect(at.provider.requests).toHaveLength(15);
  expect((await store.run(runId))?.cost_usd).toBeLessThanOrEqual(0.05 + 0.0035);
  expect(await store.unsettledCalls()).toEqual([]);
});

it('the same without a cap goes on: it was the cap that stopped it', async () => {
  const { at, token } = await metered((_request, res) => answerStream(res), null);
  expect(await askForEver(at, token, 60)).toEqual({ asked: 60, refusal: undefined });
});

it('twenty agents of one run at once: the cap holds as well', async () => {
  const { at, token, store, runId } = await metered((_request, res) => void setTimeout(() => answerStream(res), 5), 0.05);
  const ends = await Promise.all(Array.from({ length: 20 }, () => askForEver(at, token, 60)));
  expect(ends.every((end) => end.refusal === 'budget')).toBe(true);
  expect((await store.run(runId))?.cost_usd).toBeLessThanOrEqual(0.05 + 0.0035 + 1e-9);
  expect((await store.run(runId))?.reserved_usd).toBeCloseTo(0, 9);
});

it('text that is labelled as images, twenty times at once: counted as the text that it is', async () => {
  const words = 'as long as a book '.repeat(30_000);
  const source = { type: 'base64', media_type: 'image/png', data: words };
  const body = JSON.stringify({
    model: 'claude-sonnet-5',
    max_tokens: 1,
    messages: [{ role: 'user', content: [{ type: 'tool_use', id: 't', name: 'n', input: { content: [{ type: 'image', source }] } }] }],
    data: words,
  });
  // 1.08 MB: 360,000 tokens and $0.72 as text, $0.018 if a label made forty bytes a token of it.
  const input = Math.floor(body.length / 3);
  const { at, token, store, runId } = await metered(
    (_request, res) => void setTimeout(() => answerStream(res, streamOf({ input, output: 1 })), 20),
    1,
  );
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(at, { token, body })));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(2);
  expect(at.provider.requests).toHaveLength(2);
  expect((await store.run(runId))?.cost_usd).toBeLessThanOrEqual(1 + 0.73);
});

it('an agent that hangs up as soon as its request is sent, over and over: the cap ends it', async () => {
  const { at, token, store, runId } = await metered(() => {}, 1);
  const body = JSON.stringify({ model: 'claude-sonnet-5', max_tokens: 20_000 });
  // $0.20 of output each, seen by nobody.
  for (let times = 1; times <= 5; times += 1) {
    let gone = (): void => {};
    const asked = ask(at, { token, body, onRequest: (req) => (gone = () => void req.destroy()) }).catch(() => null);
    await until(() => at.provider.requests.length === times);
    gone();
    await asked;
    await until(() => at.gateway.callsInFlight(runId) === 0);
  }
  expect((await store.run(runId))?.cost_usd).toBeGreaterThanOrEqual(1);
  expect(await ask(at, { token, body })).toMatchObject({ status: 400, headers: { 'x-gluon-refusal': 'budget' } });
  expect(at.provider.requests).toHaveLength(5);
});

it('a provider that always answers 429: the loop is stopped, and costs nothing', async () => {
  const { at, token, store, runId } = await metered((_request, res) => answerJson(res, 429, {}), 5, 10);
  expect(await askForEver(at, token, 200)).toEqual({ asked: 10, refusal: 'circuit_open' });
  expect(at.provider.requests).toHaveLength(10);
  expect((await store.run(runId))?.cost_usd).toBe(0);
});

it('one success in between: the count begins anew', async () => {
  let calls = 0;
  const { at, token } = await metered(
    (_request, res) => {
      calls += 1;
      if (calls % 8 === 0) answerStream(res);
      else answerJson(res, 529, {});
    },
    null,
    10,
  );
  expect(await askForEver(at, token, 40)).toEqual({ asked: 40, refusal: undefined });
});

it('many small calls to the dearest model, hidden behind a cheap name, are priced by what answered', async () => {
  const { at, token, store, runId } = await metered(
    (_request, res) => answerStream(res, streamOf({ model: 'claude-fable-5-1-20260901', input: 1_000_000, output: 0 })),
    5,
  );
  expect(MESSAGE).toContain('claude-sonnet-5');
  expect(await askForEver(at, token, 5)).toEqual({ asked: 1, refusal: 'budget' });
  expect((await store.run(runId))?.cost_usd).toBeCloseTo(10.00005, 4);
});

/** The brakes: money, turns, time, silence, and the limits of the provider. Against the real agent program where a model is involved. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ScriptedModel, startScriptedModel } from '../../scripted-model/server.ts';
import { bash, fail, firstly, say } from '../../scripted-model/steps.ts';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { cliProblem, eventTypes, finished, messages, processesOf, refusal, submit, untilSaid, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let model: ScriptedModel;
let repository: string;

/** One call: 10,000 tokens in and 1,000 out at 2 and 10 USD per million. */
const CALL_USD = 0.03;
const USAGE = { usage: { input_tokens: 10_000, output_tokens: 1_000, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 } };

beforeAll(async () => {
  model = await startScriptedModel({
    scenarios: {
      spend: Array.from({ length: 40 }, (_, index) => bash(`echo call ${index}`, undefined, USAGE)),
      go_on: [say('Going on.', USAGE)],
      limited: [
        bash('echo before'),
        firstly(
          1,
          fail(429, 'rate_limit_error', 'Number of request tokens has exceeded your rate limit.', {
            'retry-after': '3',
            'x-should-retry': 'false',
          }),
          say('After the pause.'),
        ),
      ],
    },
  });
  gluon = await startGluon({ model, config: 'max_concurrent_runs: 6\nmax_concurrent_runs_per_project: 6\n' });
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
});
afterAll(async () => {
  await gluon?.stop();
  await model?.close();
  await rm(repository, { recursive: true, force: true });
});

describe('money', () => {
  test('the cap stops the run within one call of it, parks it with its session, and a raised cap lets it go on', async () => {
    const cap = 0.2;
    const made = await gluon.json<Run>('run', 'shop', 'SCENARIO:spend', '--max-cost', String(cap), '-b');
    const parked = await untilSettled(gluon, made.id);
    expect(parked).toMatchObject({ status: 'review', outcome: 'limit_budget', waiting: { reason: 'budget' }, max_cost_usd: cap });
    expect(parked.cost_usd ?? 0).toBeGreaterThan(cap - 3 * CALL_USD);
    expect(parked.cost_usd ?? 99).toBeLessThanOrEqual(cap + CALL_USD);
    expect(parked.session_id).not.toBeNull();
    expect(await eventTypes(gluon, made.id)).toEqual(expect.arrayContaining(['budget.refused', 'model.call_refused']));
    const callsBefore = parked.model_calls;
    // Without more money it stops at once.
    await gluon.call('runs.resume', { run: made.id, prompt: 'SCENARIO:spend' });
    const again = await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it is parked again');
    expect(again.outcome).toBe('limit_budget');
    expect(again.cost_usd ?? 99).toBeLessThanOrEqual(cap + CALL_USD);
    const raised = await gluon.call('runs.update', { run: made.id, max_cost_usd: 5 });
    expect(raised.max_cost_usd).toBe(5);
    await gluon.call('runs.resume', { run: made.id, prompt: 'SCENARIO:go_on' });
    const done = await gluon.until(made.id, (each) => each.attempts === 3 && each.status === 'review', 'it goes on');
    expect(done).toMatchObject({ outcome: 'completed', session_id: parked.session_id, waiting: null });
    expect(done.model_calls).toBeGreaterThan(callsBefore);
    expect((await messages(gluon, made.id, 'text')).at(-1)?.text).toBe('Going on.');
  });

  test('a model without a known price is refused under a cap, and has no cost without one', async () => {
    const told = await refusal(gluon, 'POST', '/runs', { project: 'shop', prompt: 'x', model: 'house-model-1' });
    expect(told).toMatchObject({ status: 400, code: 'price_unknown' });
    expect(cliProblem(await gluon.cli('run', 'shop', 'x', '-b', '-m', 'house-model-1', '--json'))).toMatchObject({
      exit: 4,
      code: 'price_unknown',
    });
    const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:say', model: 'house-model-1', max_cost_usd: 0 });
    const done = await untilSettled(gluon, made.id);
    expect(done).toMatchObject({ outcome: 'completed', cost_usd: null, max_cost_usd: null });
    expect((await gluon.cli('show', made.id)).stdout).toMatch(/Cost\s+(unknown|\?|-)/);
    await gluon.call('settings.set', { key: 'prices.house-model-1', value: { input: 1, output: 2 } });
    const priced = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:say', model: 'house-model-1' });
    expect((await untilSettled(gluon, priced.id)).cost_usd).toBeGreaterThan(0);
    await gluon.call('settings.unset', { key: 'prices.house-model-1' });
  });
});

test('turns: the cap ends the attempt, and the run can go on', async () => {
  const made = await gluon.json<Run>('run', 'shop', 'SCENARIO:turns{"count":9}', '--max-turns', '3', '-b');
  const ended = await untilSettled(gluon, made.id);
  expect(ended).toMatchObject({ status: 'review', outcome: 'limit_turns', max_turns: 3 });
  expect(ended.session_id).not.toBeNull();
  await gluon.call('runs.update', { run: made.id, max_turns: 50 });
  await gluon.call('runs.resume', { run: made.id, prompt: 'SCENARIO:go_on' });
  expect((await gluon.until(made.id, (each) => each.attempts === 2 && each.status === 'review', 'it goes on')).outcome).toBe('completed');
});

test('time: the attempt is stopped with everything it started', async () => {
  const made = await gluon.json<Run>('run', 'shop', 'SCENARIO:stubborn', '--max-duration', '0.03', '-b');
  const ended = await untilSettled(gluon, made.id, 25_000);
  expect(ended).toMatchObject({ status: 'review', outcome: 'limit_time' });
  expect(processesOf(made.id)).toEqual([]);
}, 40_000);

test('silence: an agent without any sign of life is ended; one that waits for a person is not', async () => {
  await gluon.call('settings.set', { key: 'silence_minutes', value: 0.02 });
  const silent = await submit(gluon, 'shop', 'say Here.\nhang');
  const asking = await submit(gluon, 'shop', 'ask A | Which? | One | Two');
  const ended = await untilSettled(gluon, silent.id);
  expect(ended).toMatchObject({ status: 'review', outcome: 'agent_silent' });
  expect(processesOf(silent.id)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await gluon.call('runs.get', { run: asking.id })).status).toBe('running');
  await gluon.call('settings.unset', { key: 'silence_minutes' });
  await gluon.call('runs.cancel', { run: asking.id });
});

describe('limits of the provider', () => {
  test('the run waits, says until when, and goes on by itself in its session', async () => {
    const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:limited' });
    const waiting = await gluon.until(made.id, (each) => each.waiting?.reason === 'limit_reset' || each.status === 'review', 'it waits');
    expect(waiting).toMatchObject({ status: 'pending', outcome: 'rate_limited', waiting: { reason: 'limit_reset' } });
    const until = Date.parse(waiting.waiting?.until ?? '');
    expect(until).toBeGreaterThan(Date.now() - 1_000);
    expect((await gluon.cli('show', made.id)).stdout).toContain('limit_reset');
    const done = await gluon.until(made.id, (each) => each.status === 'review', 'it goes on by itself', 20_000);
    expect(Date.now()).toBeGreaterThanOrEqual(until - 1_000);
    expect(done).toMatchObject({ outcome: 'completed', attempts: 2, auto_resumes: 1, session_id: waiting.session_id, waiting: null });
  });

  test('a run that waits for a reset can be cancelled', async () => {
    const made = await submit(gluon, 'shop', `say x\nfail rate_limited ${Date.now() + 3_600_000}`);
    const waiting = await gluon.until(made.id, (each) => each.waiting?.reason === 'limit_reset', 'it waits');
    expect(waiting.status).toBe('pending');
    expect(await gluon.call('runs.cancel', { run: made.id })).toMatchObject({ status: 'cancelled', waiting: null });
  });

  test('resumes that nobody asked for have an end', async () => {
    await gluon.call('settings.set', { key: 'max_auto_resumes', value: 2 });
    const ended = await finished(gluon, 'shop', 'say x');
    const made = await submit(gluon, 'shop', `say Again.\nfail rate_limited 1`);
    const over = await gluon.until(made.id, (each) => each.status === 'review' || each.status === 'failed', 'it gives up');
    expect(over.auto_resumes).toBeLessThanOrEqual(2);
    expect(ended.auto_resumes).toBe(0);
    await gluon.call('settings.unset', { key: 'max_auto_resumes' });
  });

  test('a provider that is overloaded for a moment is borne by the agent itself', async () => {
    const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:overloaded{"times":1}' });
    expect(await untilSettled(gluon, made.id)).toMatchObject({ outcome: 'completed', attempts: 1 });
  });

  test('no credit: failed as billing', async () => {
    const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:credit' });
    expect(await untilSettled(gluon, made.id)).toMatchObject({ status: 'failed', outcome: 'billing' });
  });
});

test('an agent program that dies is a named end with its code', async () => {
  const made = await submit(gluon, 'shop', 'say Here.\nhang');
  await untilSaid(gluon, made.id, 'Here.');
  const [agent] = processesOf(made.id);
  process.kill(agent ?? 0, 'SIGKILL');
  const ended = await untilSettled(gluon, made.id);
  expect(ended).toMatchObject({ status: 'review', outcome: 'agent_exit' });
  const [attempt] = (await gluon.call('runs.attempts', { run: made.id })).items;
  expect(attempt?.exit_code ?? attempt?.exit_signal).not.toBeNull();
});

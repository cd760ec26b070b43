/** What is kept of runs and can be read again: transcript, output, sessions, usage, events. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attempt, GluonEvent, Run, TokenTotals } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { finished, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let first: Run;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:edit{"file":"a.txt"}' });
  first = await untilSettled(gluon, made.id);
  for (let index = 0; index < 3; index += 1) await finished(gluon, 'shop', 'say x');
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

test('the transcript: windows, types, search, counts; the raw output by bytes', async () => {
  const all = await gluon.call('runs.messages', { run: first.id });
  const types = all.items.map((record) => record.type);
  for (const [type, count] of Object.entries(all.counts)) expect(types.filter((one) => one === type).length).toBe(count);
  expect(await gluon.call('runs.message', { run: first.id, seq: 2 })).toEqual(all.items[1]);
  const window = await gluon.call('runs.messages', { run: first.id, after: 2, limit: 2 });
  expect(window.items.map((record) => record.seq)).toEqual([3, 4]);
  const tail = await gluon.call('runs.messages', { run: first.id, limit: 2 });
  expect(tail.items.map((record) => record.seq)).toEqual([all.last_seq - 1, all.last_seq]);
  expect((await gluon.call('runs.messages', { run: first.id, before: 3 })).items.map((record) => record.seq)).toEqual([1, 2]);
  expect(
    (await gluon.call('runs.messages', { run: first.id, types: ['tool_use'] })).items.every((record) => record.type === 'tool_use'),
  ).toBe(true);
  expect((await gluon.call('runs.messages', { run: first.id, search: 'committed a.txt' })).items.length).toBeGreaterThan(0);
  for (const [flag, type] of [
    ['--tools', 'tool_use'],
    ['--text', 'text'],
  ] as const) {
    const shown = await gluon.json<{ type: string }[]>('logs', first.id, flag);
    expect(shown.map((record) => record.type)).toContain(type);
  }
  expect((await gluon.json<{ type: string }[]>('logs', first.id, '-n', '2')).length).toBe(2);
  const log = await gluon.call('runs.logs', { run: first.id });
  const part = await gluon.call('runs.logs', { run: first.id, offset: 5, limit: 10 });
  expect(part).toMatchObject({ text: log.text.slice(5, 15), offset: 5, next_offset: 15, total_bytes: log.total_bytes });
  expect((await gluon.call('runs.logs', { run: first.id, stream: 'stderr' })).offset).toBe(0);
});

test('sessions', async () => {
  const { items } = await gluon.call('sessions.list', {});
  expect(items.map((session) => session.session_id)).toContain(first.session_id);
  expect((await gluon.json<{ items: unknown[] }>('sessions', '-p', 'shop', '-l', '1')).items.length).toBe(1);
  const shown = await gluon.json<{ run: Run; attempts: Attempt[] }>('session', 'show', first.session_id ?? '');
  expect(shown.run.id).toBe(first.id);
  expect(shown.attempts.map((attempt) => attempt.number)).toEqual([1]);
  expect((await gluon.call('sessions.get', { session: first.session_id ?? '' })).session_id).toBe(first.session_id);
});

test('usage: every sum agrees with the run, whatever it is added up by', async () => {
  const expected = {
    cost_usd: first.cost_usd,
    input_tokens: first.input_tokens,
    output_tokens: first.output_tokens,
    model_calls: first.model_calls,
  };
  const close = (totals: Pick<TokenTotals, 'cost_usd' | 'input_tokens' | 'output_tokens' | 'model_calls'> | undefined) => {
    expect(totals).toMatchObject({ ...expected, cost_usd: expect.closeTo(expected.cost_usd ?? 0, 9) });
  };
  const summary = await gluon.call('usage.summary', {});
  for (const totals of [summary.today, summary.week, summary.month, summary.total]) close(totals);
  close((await gluon.call('usage.by_project', {})).items.find((item) => item.project === 'shop'));
  const byModel = (await gluon.call('usage.by_model', {})).items;
  expect(byModel.reduce((sum, item) => sum + item.cost_usd, 0)).toBeCloseTo(expected.cost_usd ?? 0, 9);
  close((await gluon.call('usage.by_day', {})).items[0]);
  close((await gluon.call('usage.runs', {})).items.find((item) => item.run_id === first.id));
  expect((await gluon.call('usage.by_day', { since: '2099-01-01' })).items).toEqual([]);
  for (const by of ['project', 'model', 'day', 'run']) {
    const { code, stdout } = await gluon.cli('usage', '--by', by);
    expect({ by, code }).toEqual({ by, code: 0 });
    expect(stdout).toMatch(/\$0\.\d/);
  }
  expect((await gluon.cli('usage')).stdout).toMatch(/\$0\.\d/);
});

test('events are numbered without gaps, over all and per run; activity shows them newest first', async () => {
  const events: GluonEvent[] = [];
  for (let after = 0; ; ) {
    const { items } = await gluon.call('events.list', { after, limit: 100 });
    if (items.length === 0) break;
    events.push(...items);
    after = items.at(-1)?.id ?? after;
  }
  expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  const ofRun = (await gluon.call('runs.events', { run: first.id, limit: 500 })).items;
  expect(ofRun.map((event) => event.seq)).toEqual(ofRun.map((_, index) => index + 1));
  expect(ofRun.map((event) => event.type)).toEqual(
    expect.arrayContaining([
      'run.created',
      'attempt.started',
      'working_copy.created',
      'attempt.process_started',
      'work.imported',
      'attempt.ended',
      'run.ended',
    ]),
  );
  expect((await gluon.call('runs.get', { run: first.id })).seq).toBe(ofRun.length);
  const shown = await gluon.json<{ items: GluonEvent[]; next_cursor: string | null }>(
    'activity',
    '-p',
    'shop',
    '--type',
    'run.created',
    '-l',
    '2',
  );
  expect(shown.items.every((event) => event.type === 'run.created')).toBe(true);
  expect(shown.items.map((event) => event.id)).toEqual(shown.items.map((event) => event.id).sort((a, b) => b - a));
  expect(
    (await gluon.json<{ items: GluonEvent[] }>('activity', '--cursor', shown.next_cursor ?? '', '-l', '2')).items.length,
  ).toBeGreaterThan(0);
});

/** A record that is too long for a line is shown cut and given back whole, through every door. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run, TranscriptRecord } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { sampleRepository } from '../support/repository.ts';
import { cliProblem, finished, messages, refusal } from '../support/runs.ts';

const LONG = 300_000;
let gluon: Gluon;
let repository: string;
let run: Run;
let seq: number;

beforeAll(async () => {
  gluon = await startGluon({ fakeAgent: true });
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  run = await finished(gluon, 'shop', `say short\nsay ${'z'.repeat(LONG)}`);
  seq =
    (await gluon.call('runs.messages', { run: run.id, limit: 100 })).items.find((record) => record.cut === true && record.type === 'text')
      ?.seq ?? 0;
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

test('a window shows it cut, the record alone is whole', async () => {
  const [cut] = (await messages(gluon, run.id, 'text')).filter((record) => record.seq === seq);
  expect(String(cut?.text).length).toBeLessThan(10_000);
  const whole = await gluon.call('runs.message', { run: run.id, seq });
  expect(whole).toMatchObject({ seq, type: 'text', attempt: 1, text: 'z'.repeat(LONG) });
  const shown = await gluon.cli('logs', run.id, '--record', String(seq));
  expect((JSON.parse(shown.stdout) as TranscriptRecord).text).toBe('z'.repeat(LONG));
});

test('a record that is not there is refused with what to do', async () => {
  const { last_seq } = await gluon.call('runs.messages', { run: run.id, limit: 1 });
  expect(await refusal(gluon, 'GET', `/runs/${run.id}/messages/${last_seq + 1}`)).toMatchObject({ status: 404, code: 'record_not_found' });
  for (const bad of ['0', '-1', 'x', '1.5', '%2e%2e'])
    expect((await refusal(gluon, 'GET', `/runs/${run.id}/messages/${bad}`)).status).toBeGreaterThanOrEqual(400);
  expect(cliProblem(await gluon.cli('logs', run.id, '--record', '9999', '--json'))).toMatchObject({ exit: 3, code: 'record_not_found' });
});

test('a search says from where to go on', async () => {
  const first = await gluon.call('runs.messages', { run: run.id, after: 0, limit: 1 });
  expect(first).toMatchObject({ next_after: 1, next_before: null });
  expect(await gluon.call('runs.messages', { run: run.id, after: 0, search: 'in none of them' })).toMatchObject({
    items: [],
    next_after: null,
  });
});

test('a fork has it as well', async () => {
  const fork = await gluon.json<Run>('fork', run.id, 'say after', '-f');
  expect(await gluon.call('runs.message', { run: fork.id, seq })).toMatchObject({ seq, text: 'z'.repeat(LONG) });
});

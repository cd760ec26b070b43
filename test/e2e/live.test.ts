/** The live connection against a real server: what a page or a terminal sees while runs go on, also across a cut. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerMessage } from '../../src/contract/live.ts';
import type { Run, TranscriptRecord } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { connectLiveClient, type LiveClient, upgradeStatus } from '../support/live-client.ts';
import { sampleRepository } from '../support/repository.ts';
import { eventually, messages, submit, untilSaid, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let port: number;
const clients: LiveClient[] = [];

beforeAll(async () => {
  gluon = await startGluon();
  port = Number(new URL(gluon.address).port);
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

type TopicMessage = Extract<ServerMessage, { topic: string }>;
const inTopic = (all: readonly ServerMessage[], topic: string): TopicMessage[] =>
  all.filter((message): message is TopicMessage => 'topic' in message && message.topic === topic);
const dataOf = (all: readonly ServerMessage[], topic: string, type: string): unknown[] =>
  inTopic(all, topic).flatMap((message) => (message.type === type && 'data' in message ? [message.data] : []));
const recordSeqs = (all: readonly ServerMessage[], run: string): number[] =>
  dataOf(all, `run:${run}`, 'message').map((data) => (data as TranscriptRecord).seq);

async function watch(topics: string[], after?: Record<string, number>): Promise<LiveClient> {
  const client = await connectLiveClient(port, gluon.token);
  clients.push(client);
  client.send({ type: 'subscribe', topics, ...(after === undefined ? {} : { after }) });
  await client.until((all) => topics.every((topic) => inTopic(all, topic).length > 0));
  return client;
}

/** The run as a page would hold it: created, then patched. */
function rebuilt(all: readonly ServerMessage[], id: string): Partial<Run> {
  const created = dataOf(all, 'board', 'run_created').find((run) => (run as Run).id === id) as Run;
  const patches = [...dataOf(all, 'board', 'run_updated'), ...dataOf(all, 'board', 'run_activity')].filter(
    (patch) => (patch as Run).id === id,
  );
  return Object.assign({}, created, ...patches);
}

test('the board: created and patched, it ends as the same object that REST gives', async () => {
  const client = await watch(['board']);
  const made = await submit(gluon, 'shop', 'say One.\nwrite a.txt a\ncommit A');
  const ended = await untilSettled(gluon, made.id);
  await client.until((all) => rebuilt(all, made.id).status === 'review' && rebuilt(all, made.id).seq === ended.seq);
  // What the agent did last comes a moment later.
  await eventually(async () => rebuilt(client.messages, made.id).last_activity?.text === 'git commit -m A', 'the last activity');
  const { waiting: _w, ...shown } = rebuilt(client.messages, made.id);
  const { waiting: _v, ...wanted } = await gluon.call('runs.get', { run: made.id });
  expect({ ...shown, updated_at: '' }).toEqual({ ...wanted, updated_at: '' });
  const seqs = inTopic(client.messages, 'board').map((message) => message.seq);
  expect(seqs.slice(1)).toEqual(seqs.slice(1).map((_, index) => (seqs[0] ?? 0) + index + 1));
});

test('a run topic tells every record once and in order, with text as it grows and tokens as they are spent', async () => {
  const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:feature' });
  const client = await watch([`run:${made.id}`]);
  const ended = await untilSettled(gluon, made.id);
  const stored = (await messages(gluon, made.id)).map((record) => record.seq as number);
  await client.until((all) => recordSeqs(all, made.id).at(-1) === stored.at(-1));
  const seen = recordSeqs(client.messages, made.id);
  expect(seen).toEqual(stored.slice(-seen.length));
  expect(dataOf(client.messages, `run:${made.id}`, 'message_delta').length).toBeGreaterThan(0);
  const tokens = dataOf(client.messages, `run:${made.id}`, 'token_update') as {
    cost_usd: number;
    output_tokens: number;
    model_calls: number;
  }[];
  expect(tokens.length).toBeGreaterThanOrEqual(3);
  expect(tokens.map((one) => one.model_calls)).toEqual([...tokens.map((one) => one.model_calls)].sort((a, b) => a - b));
  expect(tokens.at(-1)).toMatchObject({ cost_usd: ended.cost_usd, output_tokens: ended.output_tokens, model_calls: ended.model_calls });
  expect(dataOf(client.messages, `run:${made.id}`, 'progress').length).toBeGreaterThan(0);
});

test('after a cut the client names its last number and gets what it missed: nothing twice, nothing lost', async () => {
  const made = await submit(gluon, 'shop', Array.from({ length: 12 }, (_, index) => `say Part ${index}.\nsleep 0.1`).join('\n'));
  const topic = `run:${made.id}`;
  const first = await watch([topic]);
  await first.until((all) => recordSeqs(all, made.id).length >= 3);
  await first.close();
  const last = inTopic(first.messages, topic).at(-1)?.seq ?? 0;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const second = await watch([topic], { [topic]: last });
  await untilSettled(gluon, made.id);
  const stored = (await messages(gluon, made.id)).map((record) => record.seq as number);
  await second.until((all) => recordSeqs(all, made.id).at(-1) === stored.at(-1));
  expect(inTopic(second.messages, topic)[0]?.type).toBe('subscribed');
  const seen = [...recordSeqs(first.messages, made.id), ...recordSeqs(second.messages, made.id)];
  expect(seen).toEqual(stored.slice(-seen.length));
  expect(recordSeqs(second.messages, made.id).length).toBeGreaterThan(3);
});

test('a number of another life leads to resync, not to a gap', async () => {
  const client = await watch(['board'], { board: 1 });
  expect(inTopic(client.messages, 'board')[0]).toMatchObject({ type: 'resync' });
});

test('questions and their answers are told on the board', async () => {
  const client = await watch(['board']);
  const made = await submit(gluon, 'shop', 'ask Colour | Which colour? | Red | Green');
  await client.until((all) => dataOf(all, 'board', 'pending_questions').some((one) => (one as { run_id: string }).run_id === made.id));
  const [question] = (await gluon.call('runs.questions', { run: made.id })).items;
  await gluon.call('questions.answer', { question: question?.id ?? '', answers: { 'Which colour?': 'Red' } });
  await client.until((all) => dataOf(all, 'board', 'question_answered').some((one) => (one as { id: string }).id === question?.id));
  await untilSettled(gluon, made.id);
});

test('ping, unsubscribe, and messages that are none', async () => {
  const client = await watch(['board']);
  client.send({ type: 'ping' });
  await client.until((all) => all.some((message) => message.type === 'pong'));
  client.send({ type: 'unsubscribe', topics: ['board'] });
  const before = inTopic(client.messages, 'board').length;
  await untilSettled(gluon, (await submit(gluon, 'shop', 'say x')).id);
  client.send('nonsense');
  await client.until((all) => all.some((message) => message.type === 'error'));
  expect(inTopic(client.messages, 'board').length).toBe(before);
});

test('without a token, or from a foreign page, there is no connection', async () => {
  expect(await upgradeStatus(port, {})).toBe(401);
  expect(await upgradeStatus(port, { headers: { authorization: `Bearer ${gluon.token}`, origin: 'https://evil.example' } })).toBe(403);
  expect(await upgradeStatus(port, { headers: { authorization: `Bearer ${gluon.token}` } })).toBe(101);
});

const linesOf = (output: string, text: string): number => output.split('\n').filter((line) => line.trim() === text).length;

test('gluon run in the foreground prints each text once, as it comes; attach shows the same', async () => {
  const texts = Array.from({ length: 8 }, (_, index) => `Sentence number ${index}.`);
  const shown = await gluon.cli('run', 'shop', texts.map((text) => `say ${text}\nsleep 0.05`).join('\n'), '--agent', 'fake');
  expect(shown.code).toBe(0);
  for (const text of texts) expect(linesOf(shown.stdout, text)).toBe(1);
  const positions = texts.map((text) => shown.stdout.lastIndexOf(`\n${text}`));
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  const id = /✓ ([0-9a-f]{8})/.exec(shown.stdout)?.[1] ?? '';
  const attached = await gluon.cli('attach', id);
  for (const text of texts) expect(linesOf(attached.stdout, text)).toBe(1);
});

test('attach joins in the middle: what was before comes first, nothing twice', async () => {
  const made = await submit(gluon, 'shop', 'say Before.\nsleep 0.4\nsay Between.\nsleep 0.4\nsay After.');
  const attached = gluon.start('attach', made.id);
  await untilSaid(gluon, made.id, 'Before.');
  await eventually(async () => attached.output().includes('Before.'), 'the first words on the terminal');
  const { stdout, code } = await attached.ended;
  expect(code).toBe(0);
  for (const word of ['Before.', 'Between.', 'After.']) expect(linesOf(stdout, word)).toBe(1);
});

test('watch: a table of all runs, once, where there is no terminal', async () => {
  const watching = gluon.start('watch');
  await eventually(async () => watching.output().includes('STATUS') || watching.child.exitCode !== null, 'a table');
  expect(watching.output()).toContain('shop');
  watching.child.kill('SIGINT');
  await watching.ended;
});

/** What the board shows: cards, counts, what needs a person, what agents do right now; and the bell. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import type { Notification, RunCard } from '../../src/contract/web-resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { connectLiveClient, type LiveClient } from '../support/live-client.ts';
import { sampleRepository } from '../support/repository.ts';
import { eventually, finished, submit, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let live: LiveClient;

beforeAll(async () => {
  gluon = await startGluon({ config: 'question_wait_seconds: 600\n' });
  repository = await sampleRepository();
  await gluon.call('projects.add', { name: 'shop', path: repository });
  live = await connectLiveClient(Number(new URL(gluon.address).port), gluon.token);
  live.send({ type: 'subscribe', topics: ['board', 'notifications'] });
  await live.until((got) => got.filter((one) => one.type === 'subscribed').length === 2);
}, 60_000);
afterAll(async () => {
  await live?.close();
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

const card = async (id: string): Promise<RunCard | undefined> => (await gluon.call('runs.cards', {})).items.find((one) => one.id === id);

/** What was told of a run over the live connection, put together as a page would. */
function told(id: string): Partial<Run> {
  const patches = live.messages.flatMap((message) =>
    'data' in message && (message.type === 'run_updated' || message.type === 'run_activity') ? [message.data as Partial<Run>] : [],
  );
  return Object.assign({}, ...patches.filter((patch) => patch.id === id)) as Partial<Run>;
}

const notes = (): Notification[] =>
  live.messages.flatMap((message) => ('data' in message && message.type === 'notification_created' ? [message.data as Notification] : []));

test('a card says what an agent asks and does, in the list and live; reading marks it as seen', async () => {
  const made = await submit(gluon, 'shop', 'todo plan, build\nwrite a.txt x\nask Base | Which base? | main | dev\nsay thanks');
  const asked = await gluon.until(made.id, (run) => run.pending_questions > 0, 'it asks');
  expect(asked).toMatchObject({ unread: true, open_question: { text: 'Which base?', questions: 1, parked: false } });
  const shown = await eventually(async () => {
    const one = await card(made.id);
    return one?.last_activity === null ? null : one;
  }, 'its last activity');
  expect(shown).toMatchObject({
    unread: true,
    open_question: asked.open_question,
    last_activity: { tool: 'Write', text: expect.any(String) },
    waiting: { reason: 'input', detail: 'Which base?' },
    status: 'running',
    project: 'shop',
  });
  expect(shown).not.toHaveProperty('prompt');
  await live.until(() => told(made.id).last_activity?.tool === 'Write' && told(made.id).unread === true);
  expect(told(made.id)).toMatchObject({ open_question: asked.open_question });
  expect(await gluon.call('runs.todos', { run: made.id })).toMatchObject({
    items: [
      { text: 'plan', status: 'pending' },
      { text: 'build', status: 'pending' },
    ],
  });
  expect(await gluon.call('runs.counts', {})).toMatchObject({ total: { running: 1 }, needs_answer: 1, projects: [{ project: 'shop' }] });

  await gluon.call('runs.mark_read', { run: made.id });
  expect((await card(made.id))?.unread).toBe(false);
  await live.until((got) => got.some((one) => one.type === 'run_read'));
  await gluon.call('questions.answer', { question: asked.open_question?.id ?? '', answers: { 'Which base?': 'dev' } });
  const ended = await untilSettled(gluon, made.id);
  expect(ended).toMatchObject({ unread: true, open_question: null });
  await live.until(() => told(made.id).open_question === null && told(made.id).status === 'review');
  expect((await gluon.call('runs.message_counts', { run: made.id })).questions).toBe(1);
  const { items } = await gluon.call('runs.messages', { run: made.id, kinds: ['questions', 'edits'] });
  expect([...new Set(items.map((item) => item.type))].sort()).toEqual(['question', 'tool_result', 'tool_use']);
}, 60_000);

test('a parked question stays answerable on the card, and in the list of questions', async () => {
  const { key } = await gluon.call('settings.set', { key: 'question_wait_seconds', value: 1 });
  try {
    const made = await submit(gluon, 'shop', 'ask Base | Which tree? | oak | ash\nsay thanks');
    const parked = await untilSettled(gluon, made.id);
    expect(parked).toMatchObject({ status: 'review', open_question: { text: 'Which tree?', parked: true } });
    const listed = (await gluon.call('questions.list', { parked: true })).items;
    expect(listed.map((question) => [question.run_id, question.state])).toEqual([[made.id, 'parked']]);
    expect((await gluon.call('questions.list', {})).items).toEqual([]);
    expect((await gluon.call('runs.counts', {})).needs_answer).toBe(1);
    await gluon.call('questions.answer', { question: parked.open_question?.id ?? '', answers: { 'Which tree?': 'ash' } });
    expect((await untilSettled(gluon, made.id)).open_question).toBeNull();
    expect((await gluon.call('runs.counts', {})).needs_answer).toBe(0);
  } finally {
    await gluon.call('settings.set', { key, value: 600 });
  }
}, 60_000);

test('the bell tells of questions and ends, counts what is unread, and can be told to be quiet', async () => {
  const failing = await finished(gluon, 'shop', 'fail auth');
  await live.until(() => notes().some((note) => note.run_id === failing.id));
  const page = await gluon.call('notifications.list', { limit: 100 });
  expect(new Set(page.items.map((note) => note.kind))).toEqual(new Set(['question_asked', 'question_parked', 'run_review', 'run_failed']));
  expect(page.unread_count).toBe(page.items.length);
  expect(page.items[0]).toMatchObject({ kind: 'run_failed', run_id: failing.id, project: 'shop', read: false });
  expect(
    notes()
      .map((note) => note.id)
      .sort(),
  ).toEqual(page.items.map((note) => note.id).sort());
  const [first] = page.items;
  const after = await gluon.call('notifications.read', { ids: [first?.id ?? 0] });
  expect(after.unread_count).toBe(page.unread_count - 1);
  expect((await gluon.call('notifications.list', { unread: true, limit: 100 })).items.map((note) => note.id)).not.toContain(first?.id);
  expect(await gluon.call('notifications.read', { all: true })).toEqual({ unread_count: 0 });
  await live.until((got) => got.filter((one) => one.type === 'notifications_read').length === 2);

  await gluon.call('settings.set', { key: 'notifications', value: ['run_failed'] });
  const quiet = await finished(gluon, 'shop', 'say hello');
  const loud = await finished(gluon, 'shop', 'fail auth');
  expect(quiet.unread).toBe(true);
  const unread = (await gluon.call('notifications.list', { unread: true })).items;
  expect(unread.map((note) => note.run_id)).toEqual([loud.id]);
  await gluon.call('settings.unset', { key: 'notifications' });
}, 60_000);

test('a refused connection and a refused merge are told', async () => {
  const run = await finished(gluon, 'shop', 'write README.md mine\ncommit Mine\nrun curl -sS -m 5 https://refused.example || true');
  const other = await finished(gluon, 'shop', 'write README.md other\ncommit Other');
  await gluon.call('runs.merge', { run: run.id });
  expect((await gluon.raw('POST', `/runs/${other.id}/merge`, {})).status).toBe(409);
  const { items } = await gluon.call('notifications.list', { limit: 100 });
  expect(items.find((note) => note.kind === 'merge_refused')).toMatchObject({
    run_id: other.id,
    text: expect.stringContaining('conflict in README.md'),
  });
  expect(items.find((note) => note.kind === 'run_completed')).toMatchObject({ run_id: run.id });
  const refused = await gluon.call('runs.get', { run: run.id });
  const told = items.filter((note) => note.kind === 'egress_refused').map((note) => note.run_id);
  expect(told).toEqual(refused.egress_refused.map(() => run.id));
}, 60_000);

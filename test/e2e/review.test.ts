/** Comments on lines of a change: written, followed through what the agent does next, and sent to it as one message. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReviewComment } from '../../src/contract/web-resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { connectLiveClient } from '../support/live-client.ts';
import { sampleRepository } from '../support/repository.ts';
import { finished, messages, refusal, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository({ 'old.txt': 'one\ntwo\nthree\n', 'kept.txt': 'kept\n' });
  await gluon.call('projects.add', { name: 'shop', path: repository });
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

const states = (items: readonly ReviewComment[]) => Object.fromEntries(items.map((one) => [one.body.split('\n')[0], one.state]));
const add = (run: string, path: string, line: number, body: string, more: { side?: 'old' | 'new'; line_text?: string } = {}) =>
  gluon.call('runs.add_comment', { run, path, line, body, ...more });

test('comments go to the agent once, and are followed through its next commits', async () => {
  const run = await finished(gluon, 'shop', 'write a.txt a1\\na2\\na3\\na4\nwrite b.txt b1\nwrite old.txt one\\nthree\ncommit First');
  const live = await connectLiveClient(Number(new URL(gluon.address).port), gluon.token);
  live.send({ type: 'subscribe', topics: [`run:${run.id}`] });
  await live.until((got) => got.some((one) => one.type === 'subscribed'));
  await add(run.id, 'a.txt', 2, 'write a.txt a1\\nB2\\na3\\na4', { line_text: 'a2 ``` x' });
  await add(run.id, 'b.txt', 1, 'run git mv b.txt c.txt');
  await add(run.id, 'a.txt', 4, 'stays');
  await add(run.id, 'kept.txt', 1, 'run git rm -q kept.txt');
  await add(run.id, 'old.txt', 2, 'write old.txt one\\ntwo\\nthree\\nfour', { side: 'old', line_text: 'two' });
  const gone = await add(run.id, 'a.txt', 1, 'a mistake');
  const edited = await gluon.call('runs.edit_comment', { run: run.id, id: gone.id, body: ' still a mistake ' });
  expect(edited).toMatchObject({ body: 'still a mistake', state: 'open', commit: run.head_commit, by: 'api' });
  await gluon.call('runs.remove_comment', { run: run.id, id: gone.id });
  expect((await gluon.call('runs.comments', { run: run.id })).items.map((one) => one.state)).toEqual(Array(5).fill('open'));

  const sent = await gluon.call('runs.send_comments', { run: run.id, message: 'Please.\nsay read it\ncommit Second' });
  expect(sent.comments).toHaveLength(5);
  expect(new Set(sent.comments.map((one) => one.state))).toEqual(new Set(['sent']));
  expect(sent.message.text).toContain('5 comments on your change:');
  expect(sent.message.text).toContain('1. a.txt, line 2:\n````\na2 ``` x\n````\nwrite a.txt');
  await live.until((got) => got.filter((one) => one.type === 'comments_updated').length >= 7);
  const after = await untilSettled(gluon, run.id);
  expect(after.outcome).toBe('completed');
  expect((await messages(gluon, run.id, 'user')).map((one) => one.text)).toContain(sent.message.text);
  // The message came before its own orders were carried out; what they changed is a later commit.
  await gluon.call('runs.resume', { run: run.id, prompt: 'run git add -A\ncommit Third' });
  await untilSettled(gluon, run.id);
  const { items } = await gluon.call('runs.comments', { run: run.id });
  expect(states(items)).toEqual({
    'write a.txt a1\\nB2\\na3\\na4': 'addressed',
    'run git mv b.txt c.txt': 'sent',
    stays: 'sent',
    'run git rm -q kept.txt': 'obsolete',
    'write old.txt one\\ntwo\\nthree\\nfour': 'addressed',
  });
  expect(items.find((one) => one.body === 'stays')).toMatchObject({ line: 4, current_line: 4 });
  expect(await refusal(gluon, 'POST', `/runs/${run.id}/comments/send`, {})).toMatchObject({ status: 409, code: 'nothing_to_send' });
  const [first] = items;
  expect(await refusal(gluon, 'PATCH', `/runs/${run.id}/comments/${first?.id}`, { body: 'x' })).toMatchObject({ code: 'comment_settled' });
  expect(await refusal(gluon, 'POST', `/runs/${run.id}/comments/send`, { ids: [first?.id] })).toMatchObject({ code: 'comment_settled' });
  await live.close();
}, 60_000);

test('a comment of one run is not to be had through another, and of two senders one wins', async () => {
  const [run, other] = await Promise.all([finished(gluon, 'shop', 'write a.txt x\ncommit A'), finished(gluon, 'shop', 'say hello')]);
  const comment = await add(run.id, 'a.txt', 1, 'say why');
  for (const [method, body] of [
    ['PATCH', { body: 'x' }],
    ['DELETE', undefined],
  ] as const)
    expect((await refusal(gluon, method, `/runs/${other.id}/comments/${comment.id}`, body)).code).toBe('comment_not_found');
  const send = () => gluon.raw('POST', `/runs/${run.id}/comments/send`, { ids: [comment.id] });
  const both = await Promise.all([send(), send()]);
  expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
  await untilSettled(gluon, run.id);
  expect((await gluon.call('runs.follow_ups', { run: run.id })).items).toHaveLength(1);
  for (const path of ['../x', '/etc/passwd', 'a//b', '.', 'a\u0000b'])
    expect((await refusal(gluon, 'POST', `/runs/${run.id}/comments`, { path, line: 1, body: 'x' })).status).toBe(400);
}, 60_000);

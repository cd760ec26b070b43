/** Fault 4 for requests with an Idempotency-Key: killed between the effect and its answer, the same request finds what it had made. */
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { quiet, stage } from './drive.ts';
import { ended } from './tour.ts';

interface Case {
  point: string;
  path: (run: string) => string;
  body: object;
  /** How many of it there are. */
  count: (gluon: Gluon, run: string) => Promise<number>;
}

const runs = async (gluon: Gluon): Promise<number> => (await gluon.call('runs.list', { archived: true })).items.length;
const attempts = async (gluon: Gluon, run: string): Promise<number> => (await gluon.call('runs.attempts', { run })).items.length;
const messages = async (gluon: Gluon, run: string): Promise<number> => (await gluon.call('runs.follow_ups', { run })).items.length;

const CASES: Case[] = [
  {
    point: 'submit.after-write',
    path: () => '/runs',
    body: { project: 'shop', prompt: 'write once.txt once', agent: 'fake', title: 'once' },
    count: runs,
  },
  { point: 'fork.after-write', path: (run) => `/runs/${run}/fork`, body: { prompt: 'write fork.txt forked' }, count: runs },
  { point: 'resume.after-write', path: (run) => `/runs/${run}/resume`, body: { prompt: 'write more.txt more' }, count: attempts },
  { point: 'message.after-write', path: (run) => `/runs/${run}/queue-followup`, body: { text: 'write said.txt said' }, count: messages },
];

/** `submit.after-write` is passed once before, for the run that the others need. */
const visitOf = (point: string): number => (point === 'submit.after-write' ? 2 : 1);

test.each(CASES)('killed at $point', { timeout: 180_000 }, async ({ point, path, body, count }) => {
  const state = await stage();
  const model = await startScriptedModel();
  let gluon = await startGluon({ home: state.home, model, fault: `${point}@${visitOf(point)}=kill` });
  try {
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    const { id } = await gluon.call('runs.create', { project: 'shop', prompt: 'write a.txt alpha\ncommit Alpha', agent: 'fake' });
    await gluon.until(id, ended, 'it has ended');
    const before = await count(gluon, id);
    const send = (key: string) => gluon.raw('POST', path(id), body, { 'idempotency-key': key });

    await expect(send('one')).rejects.toThrow();
    gluon = await gluon.restart({ fault: '' });
    const again = await send('one');
    expect(again.status).toBeLessThan(300);
    const shown = again.body as Run;
    await quiet(gluon);
    expect(await count(gluon, id)).toBe(before + 1);
    // Its answer is kept now, and is the same for good.
    expect(((await send('one')).body as Run).id).toBe(shown.id);
    expect(await count(gluon, id)).toBe(before + 1);
    // Without the key it is another one: what was found above was found by the key.
    await send('two');
    await quiet(gluon);
    expect(await count(gluon, id)).toBe(before + 2);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

/** The same for an error after the effect: it is told, and the key finds the run. */
test('failed at submit.after-write', { timeout: 180_000 }, async () => {
  const state = await stage();
  const model = await startScriptedModel();
  const gluon = await startGluon({ home: state.home, model, fault: 'submit.after-write@1=fail' });
  try {
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    const body = { project: 'shop', prompt: 'write once.txt once', agent: 'fake' };
    const send = () => gluon.raw('POST', '/runs', body, { 'idempotency-key': 'one' });
    expect((await send()).status).toBe(500);
    expect((await send()).status).toBe(201);
    expect(await runs(gluon)).toBe(1);
  } finally {
    await gluon.stop();
    await model.close();
    await state.close();
  }
});

/** Faults 3, 14, 30 and 35: agents and servers that die or freeze at their work. */
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TranscriptRecord } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { noteWork, quiet, type Stage, stageForEachTest, submit as submitTo, untilWhole } from './drive.ts';
import { observe } from './observe.ts';
import { ended } from './tour.ts';

let state: Stage;
let gluon: Gluon;
stageForEachTest(
  'max_concurrent_runs: 6\nmax_concurrent_runs_per_project: 6\n',
  (given) => {
    ({ state, gluon } = given);
  },
  () => gluon,
);

const submit = (prompt: string): Promise<string> => submitTo(gluon, state, prompt);

const records = async (id: string): Promise<TranscriptRecord[]> => (await gluon.call('runs.messages', { run: id, limit: 500 })).items;

/** Waits for a text of the agent: from then on its process lives and its turn goes on. */
async function heard(id: string, text: string): Promise<void> {
  await gluon.until(id, (run) => run.status === 'running' || ended(run), 'it runs');
  for (let look = 0; look < 400; look += 1) {
    if ((await records(id)).some((record) => record.text === text)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never heard "${text}"`);
}

const processesOf = async (id: string) =>
  (await observe(state.home, state.repository, gluon.server.pid ?? null)).processes.filter((one) => one.runId === id);

describe('fault 3: kill -9 of the agent in the middle of a turn', () => {
  test('is told as agent_exit with its signal; the session is kept; only one of two resumes at once wins', async () => {
    const id = await submit('write a.txt begun\nsay here\nhang');
    await heard(id, 'here');
    const agent = (await processesOf(id)).filter((one) => one.command === '/bin/cat');
    expect(agent).toHaveLength(1);
    process.kill(agent[0]?.pid ?? 0, 'SIGKILL');
    const run = await gluon.until(id, ended, 'it has ended');
    expect([run.status, run.outcome]).toEqual(['review', 'agent_exit']);
    const [attempt] = (await gluon.call('runs.attempts', { run: id })).items;
    expect(attempt).toMatchObject({ outcome: 'agent_exit' });
    // A shell inside the sandbox tells a signal of its child as 128 and its number.
    expect(attempt?.exit_signal ?? attempt?.exit_code).toBeOneOf(['SIGKILL', 137]);

    const both = await Promise.all([1, 2].map(() => gluon.raw('POST', `/runs/${id}/resume`, { prompt: 'recall\nsay again' })));
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const resumed = await gluon.until(id, ended, 'it has ended again');
    expect([resumed.outcome, resumed.attempts]).toEqual(['completed', 2]);
    expect((await records(id)).some((record) => record.type === 'text' && String(record.text).includes('write a.txt begun'))).toBe(true);
    expect(await processesOf(id)).toEqual([]);
  });
});

describe('fault 14: two servers on one home', () => {
  test('the second is refused, also while the first is frozen; the first goes on when it wakes', async () => {
    const id = await submit('say here\nsleep 2\nwrite a.txt woke\ncommit Woke');
    await heard(id, 'here');
    gluon.server.kill('SIGSTOP');
    try {
      await expect(startGluon({ home: state.home, model: gluon.model })).rejects.toThrow(/another|in use/i);
    } finally {
      gluon.server.kill('SIGCONT');
    }
    expect((await gluon.until(id, ended, 'it has ended')).outcome).toBe('completed');
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  });

  test('when the lock lies, what the first writes after it wakes is refused', { timeout: 60_000 }, async () => {
    const id = await submit('write a.txt first\ncommit First\nsay here\nhang');
    await heard(id, 'here');
    const first = gluon;
    first.server.kill('SIGSTOP');
    for (const name of ['lock.db', 'lock.db-journal']) await rm(join(state.home, name), { force: true });
    try {
      gluon = await startGluon({ home: state.home, model: first.model });
      const taken = await gluon.until(id, (run) => ended(run), 'the second has taken over');
      expect(taken.attempts).toBe(2);
      const before = await gluon.call('runs.get', { run: id });
      first.server.kill('SIGCONT');
      // Its agent was ended by the second: it wants to write down how, and may not.
      for (let look = 0; look < 200; look += 1) {
        const { items } = await gluon.call('runs.events', { run: id, limit: 200 });
        if (items.some((event) => event.type === 'attempt.write_refused')) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { items } = await gluon.call('runs.events', { run: id, limit: 200 });
      expect(items.map((event) => event.type)).toContain('attempt.write_refused');
      const after = await gluon.call('runs.get', { run: id });
      expect([after.status, after.outcome, after.attempts, after.head_commit]).toEqual([
        before.status,
        before.outcome,
        before.attempts,
        before.head_commit,
      ]);
    } finally {
      const gone = new Promise((resolve) => first.server.once('exit', resolve));
      first.server.kill('SIGKILL');
      await gone;
    }
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  });
});

describe('fault 30: no process outlives its run', () => {
  test('thirty short runs and a kill -9 in the middle of them', { timeout: 120_000 }, async () => {
    const ids: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      ids.push(
        await submit(`write n${index}.txt ${index}\nrun sleep 300 > /dev/null 2>&1 & setsid sleep 300 > /dev/null 2>&1 &\nsay done`),
      );
    }
    for (let look = 0; (await gluon.call('runs.list', { status: ['review'] })).items.length < 8 && look < 600; look += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await noteWork(state);
    await gluon.kill();
    gluon = await gluon.restart();
    await quiet(gluon, 60_000);
    const seen = await observe(state.home, state.repository, gluon.server.pid ?? null);
    expect(seen.processes).toEqual([]);
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
    for (const id of ids) expect(['completed', 'lost']).toContain((await gluon.call('runs.get', { run: id })).outcome);
  });
});

describe('fault 35: the transcript ends in half a record', () => {
  test('the half is put aside; what was whole stays, and the numbers go on', async () => {
    const id = await submit('say one\nsay two\nhang');
    await heard(id, 'two');
    await gluon.kill();
    const path = join(state.home, 'logs', id, 'messages.jsonl');
    const whole = (await readFile(path, 'utf8')).trimEnd().split('\n').length;
    await appendFile(path, '{"seq":999,"type":"text","te');
    gluon = await gluon.restart();
    await gluon.until(id, ended, 'it has ended');
    const found = await records(id);
    expect(found.length).toBeGreaterThan(whole);
    expect(found.map((record) => record.seq)).toEqual(found.map((_, index) => index + 1));
    expect(found.filter((record) => record.text === 'two')).toHaveLength(1);
  });
});

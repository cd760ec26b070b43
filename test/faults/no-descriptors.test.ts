/** Fault 9: the server may open no further file or socket for a while. What is asked meanwhile is refused by name; then life goes on. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { noteWork, oneMoreRun, quiet, stage, untilWhole } from './drive.ts';
import { run } from './small-disk.ts';
import { answerOpen, ended } from './tour.ts';

/** Gives what puts the limit back to where it was. */
async function forbidMoreDescriptors(gluon: Gluon): Promise<() => Promise<void>> {
  const pid = String(gluon.server.pid);
  const limit = async (value: string) => {
    await run('prlimit', ['--pid', pid, `--nofile=${value}:`]);
  };
  const { stdout } = await run('prlimit', ['--pid', pid, '--nofile', '--output', 'SOFT', '--noheadings']);
  // A new one gets the lowest number that is free, and that must be below the limit.
  const used = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
  let free = 0;
  while (used.has(free)) free += 1;
  await limit(String(free));
  return () => limit(stdout.trim());
}

test('fault 9: no descriptors left in the middle of a run', { timeout: 180_000 }, async () => {
  const state = await stage();
  const gluon = await startGluon({ home: state.home });
  try {
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    const script = 'write a.txt before\ncommit Before\nask Colour | Which? | Red | Green\nwrite b.txt after\ncommit After';
    const made = await gluon.call('runs.create', { project: 'shop', prompt: script, agent: 'fake' });
    state.ledger.accepted.push(made.id);
    await gluon.until(made.id, (each) => each.pending_questions === 1, 'it asks');
    await noteWork(state);

    const allow = await forbidMoreDescriptors(gluon);
    const answers: { status: number; body: unknown }[] = [];
    for (let index = 0; index < 5; index += 1)
      answers.push(await gluon.raw('POST', '/runs', { project: 'shop', prompt: 'write c.txt later', agent: 'fake' }));
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const { body } of refused) expect(body).toMatchObject({ code: expect.any(String), retryable: true });
    for (const { status, body } of answers) if (status === 201) state.ledger.accepted.push((body as { id: string }).id);
    expect((await gluon.raw('GET', '/health')).status).toBe(200);
    expect((await gluon.raw('GET', '/runs')).status).toBe(200);

    await allow();
    await answerOpen(gluon, made.id);
    for (const id of state.ledger.accepted) await gluon.until(id, ended, 'every accepted run ends', 40_000);
    expect((await gluon.call('runs.get', { run: made.id })).outcome).toBe('completed');
    expect(await oneMoreRun(gluon, state)).toBe('review completed');
    await quiet(gluon);
    expect((await untilWhole(gluon, state)).broken).toEqual([]);
  } finally {
    await gluon.stop();
    await gluon.model.close();
    await state.close();
  }
});

/** Several runs at once: limits overall and per project, order, and what the board says of those that wait. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { submit, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
const repositories: string[] = [];

beforeAll(async () => {
  gluon = await startGluon();
  for (const name of ['shop', 'blog', 'wiki']) {
    const path = await sampleRepository();
    repositories.push(path);
    await gluon.call('projects.add', { name, path });
  }
});
afterAll(async () => {
  await gluon?.stop();
  for (const path of repositories) await rm(path, { recursive: true, force: true });
});

const statuses = async (runs: Run[]): Promise<string[]> =>
  Promise.all(runs.map(async ({ id }) => (await gluon.call('runs.get', { run: id })).status));
const cancelAll = (runs: Run[]) => Promise.all(runs.map(({ id }) => gluon.call('runs.cancel', { run: id })));

async function limits(overall: number, perProject: number): Promise<void> {
  await gluon.call('settings.set', { key: 'max_concurrent_runs', value: overall });
  await gluon.call('settings.set', { key: 'max_concurrent_runs_per_project', value: perProject });
}

test('two real agents at once on one project: each on its own branch, neither sees the other', async () => {
  const prompt = (file: string) => `SCENARIO:edit{"file":"${file}","text":"${file}\\n"}`;
  const [one, two] = await Promise.all([
    gluon.call('runs.create', { project: 'shop', prompt: prompt('one.txt') }),
    gluon.call('runs.create', { project: 'shop', prompt: prompt('two.txt') }),
  ]);
  const ended = await Promise.all([untilSettled(gluon, one.id), untilSettled(gluon, two.id)]);
  for (const run of ended) expect(run).toMatchObject({ status: 'review', outcome: 'completed', files_changed: 1, commit_count: 1 });
  const tree = (run: Run) => git(repositories[0] ?? '', 'ls-tree', '-r', '--name-only', run.branch_name ?? '');
  expect(await tree(ended[0])).toBe('README.md\none.txt\nsrc/app.txt');
  expect(await tree(ended[1])).toBe('README.md\nsrc/app.txt\ntwo.txt');
  // They lived at the same time.
  const began = ended.map((run) => Date.parse(run.started_at ?? ''));
  const stopped = ended.map((run) => Date.parse(run.ended_at ?? ''));
  expect(Math.max(...began)).toBeLessThan(Math.min(...stopped));
  const sum = ended.reduce((total, run) => total + (run.cost_usd ?? 0), 0);
  expect((await gluon.call('usage.summary', { project: 'shop' })).total.cost_usd).toBeCloseTo(sum, 9);
});

test('five at once when the limits allow it', async () => {
  await limits(5, 5);
  const runs = await Promise.all(Array.from({ length: 5 }, (_, index) => submit(gluon, 'shop', `write n${index}.txt x\nhang`)));
  for (const run of runs) await gluon.until(run.id, (each) => each.status === 'running', 'it runs');
  expect(await statuses(runs)).toEqual(Array(5).fill('running'));
  expect((await gluon.call('system.status', {})).runs.running).toBe(5);
  const copies = await Promise.all(
    runs.map((run) => gluon.until(run.id, (each) => each.worktree_path !== null, 'its working copy is there')),
  );
  expect(new Set(copies.map((run) => run.worktree_path)).size).toBe(5);
  expect(new Set(copies.map((run) => run.branch_name)).size).toBe(5);
  await cancelAll(runs);
});

test('the limit of a project holds back its own runs only; each says why, and they start in the order of submission', async () => {
  await limits(4, 2);
  const runs: Run[] = [];
  for (let index = 0; index < 4; index += 1) runs.push(await submit(gluon, 'shop', 'hang'));
  const other = await submit(gluon, 'blog', 'hang');
  const [first, second, third, fourth] = runs as [Run, Run, Run, Run];
  await gluon.until(second.id, (each) => each.status === 'running', 'it runs');
  await gluon.until(other.id, (each) => each.status === 'running', 'it runs');
  const waiting = await gluon.until(fourth.id, (each) => each.waiting !== null, 'it says why it waits');
  expect(waiting).toMatchObject({ status: 'pending', waiting: { reason: 'slot' } });
  expect(waiting.waiting?.detail).toMatch(/project/i);
  expect((await gluon.cli('show', fourth.id)).stdout).toContain(waiting.waiting?.detail);
  expect((await gluon.cli('runs', '-s', 'pending')).stdout).toMatch(/slot|project/i);
  await gluon.call('runs.cancel', { run: first.id });
  const next = await gluon.until(third.id, (each) => each.status === 'running', 'the next one runs');
  expect(next.waiting).toBeNull();
  expect(await statuses([fourth])).toEqual(['pending']);
  await cancelAll([second, third, fourth, other]);
});

test('the overall limit; a project with a limit of its own; a raised limit takes effect at once', async () => {
  await limits(2, 2);
  const one = await submit(gluon, 'shop', 'hang');
  const two = await submit(gluon, 'blog', 'hang');
  const three = await submit(gluon, 'wiki', 'hang');
  await gluon.until(two.id, (each) => each.status === 'running', 'it runs');
  const held = await gluon.until(three.id, (each) => each.waiting !== null, 'it says why it waits');
  expect(held.waiting).toMatchObject({ reason: 'slot' });
  expect(held.waiting?.detail).not.toMatch(/project/i);
  await limits(4, 2);
  await gluon.until(three.id, (each) => each.status === 'running', 'it runs');
  await gluon.call('projects.update', { project: 'wiki', max_concurrent_runs: 1 });
  const four = await submit(gluon, 'wiki', 'hang');
  expect((await gluon.until(four.id, (each) => each.waiting !== null, 'it says why it waits')).waiting?.reason).toBe('slot');
  await gluon.call('projects.update', { project: 'wiki', max_concurrent_runs: null });
  await gluon.until(four.id, (each) => each.status === 'running', 'it runs');
  await cancelAll([one, two, three, four]);
});

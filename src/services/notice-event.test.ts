import { beforeEach, expect, it } from 'vitest';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { NOTIFICATION_KINDS, type NotificationKind } from '../core/notify/kinds.ts';
import type { LiveHint } from '../ports/bus.ts';
import type { RunRow, Store } from '../ports/store.ts';
import { unitOfWork } from './unit-of-work.ts';

let store: Store;
let run: RunRow;
let other: RunRow;
let nowMs: number;
let kinds: readonly NotificationKind[];
let hints: LiveHint[];

beforeEach(async () => {
  nowMs = Date.parse('2026-11-01T10:00:00Z');
  kinds = NOTIFICATION_KINDS;
  hints = [];
  store = await openTemporary({ clock: { ...systemClock(), nowMs: () => nowMs } });
  const project = await withProject(store);
  run = await withRun(store, project.id);
  other = await withRun(store, project.id);
});

const deps = () => ({
  store,
  bus: { publish: (hint: LiveHint) => void hints.push(hint), subscribe: () => () => {} },
  redact: (text: string) => text.replaceAll('secret', '***'),
  settings: { get: () => kinds as never },
});
const refused = (host: string, of = run) =>
  unitOfWork(deps(), (unit) => unit.record('egress.refused', { host, port: 443, why: 'x' }, { runId: of.id, actor: 'agent' }));
const held = (of = run) =>
  unitOfWork(deps(), (unit) =>
    unit.record('model.rate_limited', { status: 429, until: null, why: 'rate_limit' }, { runId: of.id, actor: 'gluon' }),
  );
const failed = (detail: string) =>
  unitOfWork(deps(), (unit) => unit.record('run.ended', { status: 'failed', outcome: 'auth', detail }, { runId: run.id, actor: 'gluon' }));
const listed = async () => (await store.notifications('ann', false, 100)).items;
const unread = async (id: string) => (await store.cardFacts('ann', [id]))[0]?.unread;

it('an agent that tries one name after the other is told once in a while, each run for itself', async () => {
  for (let n = 0; n < 30; n += 1) await refused(`host-${n}.example`);
  await refused('a.example', other);
  expect((await listed()).map((one) => one.run_id)).toEqual([other.id, run.id]);
  nowMs += 10 * 60_000;
  await refused('later.example');
  expect(await listed()).toHaveLength(3);
});

it('a provider that holds back is told once for all runs', async () => {
  await held();
  await held(other);
  nowMs += 29 * 60_000;
  await held(other);
  expect(await listed()).toHaveLength(1);
  expect([await unread(run.id), await unread(other.id)]).toEqual([true, true]);
});

it('a kind that is off makes no notification, and the run has news all the same', async () => {
  kinds = [];
  await failed('x');
  expect(await listed()).toEqual([]);
  expect(await unread(run.id)).toBe(true);
  expect(hints.filter((hint) => hint.type === 'notification_created')).toEqual([]);
  expect(hints.find((hint) => hint.type === 'run_updated')?.data).toMatchObject({ id: run.id, unread: true });
});

it('is written with its event or not at all, told after it, and holds no secret', async () => {
  const broken = unitOfWork(deps(), async (unit) => {
    await unit.record('run.ended', { status: 'failed', outcome: 'auth', detail: 'x' }, { runId: run.id, actor: 'gluon' });
    throw new Error('after all');
  });
  await expect(broken).rejects.toThrow('after all');
  expect([await listed(), hints, await unread(run.id)]).toEqual([[], [], undefined]);
  await failed('the secret is out');
  const told = hints.filter((hint) => hint.type === 'notification_created').map((hint) => hint.data);
  expect(told).toEqual([expect.objectContaining({ text: 'the *** is out', read: false, run_title: 'A title' })]);
  expect(await listed()).toEqual(told);
});

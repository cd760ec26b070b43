import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { browser, type PushService, startPushService } from '../../test/support/push-service.ts';
import { eventually } from '../../test/support/runs.ts';
import { memoryBus } from '../adapters/bus/memory/bus.ts';
import { webPushSender } from '../adapters/push/web-push/sender.ts';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { silentLog } from '../adapters/system/log.ts';
import type { WebSession } from '../contract/web-session.ts';
import { NOTIFICATION_KINDS } from '../core/notify/kinds.ts';
import type { RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { type PushCarrier, pushCarrier } from './push-notifications.ts';
import { subscribe, testPush, unsubscribe } from './push-subscriptions.ts';
import { unitOfWork } from './unit-of-work.ts';

let folder: string;
let service: PushService;
let deps: Deps;
let run: RunRow;
let carrier: PushCarrier;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-push-'));
  service = await startPushService();
  const store = await openTemporary();
  run = await withRun(store, (await withProject(store)).id, { title: 'Add a cart' });
  const clock = systemClock();
  const resolve = async () => ['93.184.216.34'];
  const push = await webPushSender({ keyFile: join(folder, 'k'), contact: () => 'mailto:a@b.c', clock, resolve, agent: service.agent });
  const settings = { get: () => NOTIFICATION_KINDS };
  deps = { store, push, clock, settings, bus: memoryBus(silentLog()), log: silentLog(), redact: (text: string) => text } as unknown as Deps;
  carrier = pushCarrier(deps);
});
afterEach(async () => {
  await carrier.stop();
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const mine = browser('https://push.example.org/mine');
const subscribeBrowser = (one = mine, user = 'owner', session: WebSession | null = null) =>
  subscribe(
    deps,
    { endpoint: one.target.endpoint, keys: { p256dh: one.target.p256dh, auth: one.target.auth } },
    { user, actor: 'web', session },
  );
const fail = (detail: string) =>
  unitOfWork(deps, (unit) => unit.record('run.ended', { status: 'failed', outcome: 'auth', detail }, { runId: run.id, actor: 'gluon' }));
const nothingLeft = () => eventually(async () => (await deps.store.unpushed('', 10)).length === 0, 'that nothing is left to be told');
const events = async () => (await deps.store.events(0, 100)).map((event) => event.type);

it('carries the kind and the title of the run, nothing that was said in it', async () => {
  await subscribeBrowser();
  carrier.start();
  await fail('secret words of the agent');
  await eventually(async () => service.arrived.length === 1, 'the message');
  const text = mine.read(service.arrived[0]?.body ?? Buffer.alloc(0));
  expect(JSON.parse(text)).toEqual({ title: 'Failed: Add a cart', run_id: run.id, tag: 'gluon-1' });
  await nothingLeft();
});

it('tries again while a service is down, once for each browser that has it not, and leaves one event', async () => {
  const other = browser('https://push.example.org/other');
  await subscribeBrowser();
  await subscribeBrowser(other);
  const later = { path: '/other', status: 503, headers: { 'retry-after': '0' } };
  service.answers.push(later, later);
  carrier.start();
  await fail('x');
  await eventually(async () => service.arrived.length === 4, 'the third try');
  await nothingLeft();
  expect(service.arrived.map((message) => message.path).sort()).toEqual(['/mine', '/other', '/other', '/other']);
  expect((await events()).filter((type) => type === 'push.failed')).toHaveLength(1);
});

it('a service that is down is tried once, however much waits, and keeps nothing from other browsers', async () => {
  await subscribeBrowser();
  await subscribeBrowser(browser('https://push.example.org/down'));
  service.answers.push(...Array.from({ length: 99 }, () => ({ path: '/down', status: 503, headers: { 'retry-after': '3600' } })));
  for (let n = 0; n < 25; n += 1) await fail(`${n}`);
  carrier.start();
  const to = (path: string) => service.arrived.filter((message) => message.path === path).length;
  await eventually(async () => to('/mine') === 25, 'all 25, also those behind the first page');
  // What is new goes to those who can be reached at once, and ends no pause.
  for (const sent of [26, 27]) {
    await fail('new');
    await eventually(async () => to('/mine') === sent, `message ${sent}`);
  }
  expect(to('/down')).toBe(1);
  expect((await events()).filter((type) => type === 'push.failed')).toHaveLength(1);
  expect(await deps.store.unpushed('', 100)).toHaveLength(27);
});

it('a service that does not answer keeps one place', async () => {
  const hanging = browser('https://push.example.org/hanging');
  await subscribeBrowser(hanging);
  await subscribeBrowser();
  service.answers.push({ path: '/hanging', status: 201, held: true });
  await fail('x');
  carrier.start();
  await eventually(async () => service.arrived.some((message) => message.path === '/mine'), 'the message to the other');
  expect(await deps.store.unpushed('', 10)).toHaveLength(1);
});

it('tells nobody who signed out after the round had begun', async () => {
  await subscribeBrowser();
  await subscribeBrowser(browser('https://push.example.org/other'));
  await fail('x');
  const { store } = deps;
  const pushSubscriptions: typeof store.pushSubscriptions = async (user) => {
    const found = await store.pushSubscriptions(user);
    if (user === null) await unsubscribe({ ...deps, store }, mine.target.endpoint, 'owner', 'web');
    return found;
  };
  carrier = pushCarrier({ ...deps, store: { ...store, pushSubscriptions } });
  carrier.start();
  await nothingLeft();
  expect(service.arrived.map((message) => message.path)).toEqual(['/other']);
});

it('takes a browser off the list that is gone, and keeps what was made before it ran', async () => {
  await subscribeBrowser();
  await fail('x');
  service.answers.push({ status: 410 });
  carrier.start();
  await nothingLeft();
  expect(service.arrived).toHaveLength(1);
  expect(await deps.store.pushSubscriptions(null)).toEqual([]);
  expect(await events()).toContain('push.unsubscribed');
});

it('tells nobody of what that person has read already', async () => {
  await subscribeBrowser();
  await subscribeBrowser(browser('https://push.example.org/other'), 'vera');
  await fail('x');
  await deps.store.transaction((tx) => tx.readNotifications('owner', null));
  carrier.start();
  await nothingLeft();
  expect(service.arrived.map((message) => message.path)).toEqual(['/other']);
});

it('a test goes to the browsers of the one who asks, and says how it went', async () => {
  await subscribeBrowser();
  await subscribeBrowser(browser('https://push.example.org/vera'), 'vera');
  expect(await testPush(deps, 'owner')).toEqual({ sent: 1, failed: 0, removed: 0 });
  service.answers.push({ status: 403 }, { status: 404 });
  expect(await testPush(deps, 'owner')).toEqual({ sent: 0, failed: 1, removed: 0 });
  expect(await testPush(deps, 'owner')).toEqual({ sent: 0, failed: 0, removed: 1 });
  expect(await testPush(deps, 'owner')).toEqual({ sent: 0, failed: 0, removed: 0 });
});

it('a browser belongs to whom it was last, is counted once, and is bounded in number', async () => {
  await subscribeBrowser();
  await subscribeBrowser(mine, 'vera');
  await unsubscribe(deps, mine.target.endpoint, 'owner', 'web');
  expect((await deps.store.pushSubscriptions(null)).map((one) => one.user)).toEqual(['vera']);
  for (let n = 0; n < 49; n += 1) await subscribeBrowser(browser(`https://push.example.org/${n}`));
  await expect(subscribeBrowser(browser('https://push.example.org/last'))).rejects.toMatchObject({ code: 'push_limit' });
  await subscribeBrowser(mine);
  await expect(subscribeBrowser(browser('https://10.0.0.1/'))).rejects.toMatchObject({ code: 'push_endpoint_invalid' });
  expect((await deps.store.pushSubscriptions(null)).length).toBe(50);
});

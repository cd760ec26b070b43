import { beforeEach, describe, expect, it } from 'vitest';
import { openTemporary } from '../adapters/store/sqlite/opened.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { sha256 } from '../adapters/system/digest.ts';
import { silentLog } from '../adapters/system/log.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { CallContext } from '../contract/handlers.ts';
import type { Store } from '../ports/store.ts';
import type { Deps } from './deps.ts';
import { subscribe } from './push-subscriptions.ts';
import { type WebSessions, webSessions } from './web-sessions.ts';

const DAY_MS = 86_400_000;
let store: Store;
let sessions: WebSessions;
let nowMs: number;
let aliveMs: number;
let written: number;
/** What the clock is to call back, and after how long. */
let timer: { delayMs: number; ring: () => void } | null;

beforeEach(async () => {
  store = await openTemporary();
  nowMs = Date.parse('2026-11-01T10:00:00Z');
  aliveMs = 0;
  written = 0;
  timer = null;
  sessions = await opened();
});

async function opened(): Promise<WebSessions> {
  const after = (delayMs: number, ring: () => void) => {
    timer = { delayMs, ring };
    return () => {
      timer = null;
    };
  };
  const clock = { ...systemClock(), nowMs: () => nowMs, monotonicMs: () => aliveMs, after };
  const counted: Store = {
    ...store,
    transaction: (work, options) => {
      written += 1;
      return store.transaction(work, options);
    },
  };
  const bus = { publish: () => {}, subscribe: () => () => {} };
  const settings = { get: () => [] as never };
  const deps = { store: counted, bus, settings, log: silentLog(), clock, random: systemRandom(), redact: (text: string) => text };
  const identify = (token: string) => (token === 'right' ? { name: 'owner', role: 'admin' as const } : null);
  const made = webSessions(deps, { identify, digest: sha256 });
  await made.load();
  return made;
}

function asked(over: Partial<CallContext> = {}): { context: CallContext; given: () => string } {
  let token = '';
  const context: CallContext = {
    actor: 'web',
    role: 'admin',
    user: 'owner',
    requestId: 'r',
    session: null,
    secure: false,
    setSession: (one) => {
      token = one ?? '';
    },
    ...over,
  };
  return { context, given: () => token };
}

async function loggedIn(): Promise<string> {
  const { context, given } = asked();
  await sessions.login({ token: 'right' }, context);
  return given();
}

describe('a session', () => {
  it('lasts 30 days from its last use, which is written once a day at most', async () => {
    const token = await loggedIn();
    written = 0;
    for (let hour = 0; hour < 23; hour += 1) {
      nowMs += 3_600_000;
      expect(sessions.check(token)).toMatchObject({ renewed: false });
    }
    expect(written).toBe(0);
    nowMs += 2 * 3_600_000;
    expect(sessions.check(token)).toMatchObject({ renewed: true, session: { expiresAtMs: nowMs + 30 * DAY_MS } });
    expect(sessions.check(token)).toMatchObject({ renewed: false });
    expect(written).toBe(1);
    nowMs += 30 * DAY_MS - 1;
    expect(sessions.check(token)).not.toBeNull();
  });

  it('that was not used for so long is gone, also from the store', async () => {
    const token = await loggedIn();
    nowMs += 30 * DAY_MS;
    expect(sessions.check(token)).toBeNull();
    sessions = await opened();
    expect(sessions.check(token)).toBeNull();
    expect(await store.webSessions()).toEqual([]);
  });

  it('is known again after a restart, with the time that it had', async () => {
    const token = await loggedIn();
    nowMs += 2 * DAY_MS;
    sessions.check(token);
    // The renewal is written beside the request.
    await expect.poll(async () => (await store.webSessions())[0]?.expires_at_ms).toBe(nowMs + 30 * DAY_MS);
    sessions = await opened();
    nowMs += 29.5 * DAY_MS;
    expect(sessions.check(token)).not.toBeNull();
  });

  it('ends 90 days after it began, however often it is used, also one of before', async () => {
    const token = await loggedIn();
    const begunMs = nowMs;
    for (let day = 1; day < 90; day += 1) {
      nowMs = begunMs + day * DAY_MS;
      expect(sessions.check(token)?.session.expiresAtMs, `day ${day}`).toBeLessThanOrEqual(begunMs + 90 * DAY_MS);
    }
    expect(sessions.check(token)).toMatchObject({ renewed: false, session: { expiresAtMs: begunMs + 90 * DAY_MS } });
    await store.transaction((tx) => tx.extendWebSession(sha256(token), begunMs + 119 * DAY_MS));
    sessions = await opened();
    expect(sessions.check(token)).not.toBeNull();
    nowMs = begunMs + 90 * DAY_MS;
    expect(sessions.check(token)).toBeNull();
  });

  it('that ends by time is told of then, once, and leaves the store', async () => {
    const ended: string[] = [];
    const first = sha256(await loggedIn());
    nowMs += 10 * DAY_MS;
    const second = sha256(await loggedIn());
    sessions.onEnd((id) => ended.push(id));
    // A timer of many days would end at once, and would stand still with the computer.
    expect(timer?.delayMs).toBe(3_600_000);
    nowMs += 20 * DAY_MS - 1_000;
    timer?.ring();
    await expect.poll(() => timer?.delayMs).toBe(1_000);
    expect(ended).toEqual([]);
    nowMs += 1_000;
    timer?.ring();
    await expect.poll(() => timer?.delayMs).toBe(3_600_000);
    expect(ended).toEqual([first]);
    expect((await store.webSessions()).map((row) => row.id)).toEqual([second]);
    sessions.close();
    expect(timer).toBeNull();
  });

  it('that began over https is known as such, also when it is renewed after a restart', async () => {
    const { context, given } = asked({ secure: true });
    await sessions.login({ token: 'right' }, context);
    const plain = await loggedIn();
    sessions = await opened();
    nowMs += 2 * DAY_MS;
    expect(sessions.check(given())).toMatchObject({ renewed: true, session: { secure: true } });
    expect(sessions.check(plain)).toMatchObject({ renewed: true, session: { secure: false } });
  });

  it('is told to those who hold something of it when it ends', async () => {
    const ended: string[] = [];
    sessions.onEnd((id) => ended.push(id));
    const first = sessions.check(await loggedIn())?.session ?? null;
    for (let n = 0; n < 50; n += 1) await loggedIn();
    expect(ended).toEqual([first?.id]);
    const token = await loggedIn();
    const session = sessions.check(token)?.session ?? null;
    await sessions.logout(asked({ session }).context);
    expect(ended.at(-1)).toBe(session?.id);
    expect(sessions.check(token)).toBeNull();
  });
});

describe('a login code', () => {
  const code = (url: string) => url.split('#code=')[1] ?? '';

  it('is good for 60 seconds that really pass, whatever the wall clock says', async () => {
    const { url } = sessions.loginLink('http://127.0.0.1:1', asked().context);
    nowMs += 5 * DAY_MS;
    aliveMs += 59_999;
    await sessions.login({ code: code(url) }, asked().context);
    const late = sessions.loginLink('http://127.0.0.1:1', asked().context);
    aliveMs += 60_000;
    await expect(sessions.login({ code: code(late.url) }, asked().context)).rejects.toMatchObject({ code: 'login_refused' });
  });

  it('gives the rights of the one who made it, no others', async () => {
    const made = sessions.loginLink('http://x', asked({ user: 'vera', role: 'viewer' }).context);
    const { context, given } = asked({ user: '', role: 'public' });
    expect(await sessions.login({ code: code(made.url) }, context)).toMatchObject({ user: { name: 'vera', role: 'viewer' } });
    expect(sessions.check(given())?.session).toMatchObject({ user: 'vera', role: 'viewer' });
  });

  it('is used up by a try that fails half-way', async () => {
    const { url } = sessions.loginLink('http://x', asked().context);
    await expect(sessions.login({ code: code(url), token: 'wrong' }, asked().context)).resolves.toBeDefined();
    await expect(sessions.login({ code: code(url) }, asked().context)).rejects.toMatchObject({ code: 'login_refused' });
  });
});

describe('what a session subscribed', () => {
  const subscribed = async (token: string, endpoint: string) => {
    const session = sessions.check(token)?.session ?? null;
    const push = { problem: async () => null };
    const clock = systemClock();
    const deps = { store, push, clock, bus: { publish: () => {} }, settings: { get: () => [] }, redact: String } as unknown as Deps;
    await subscribe(deps, { endpoint, keys: { p256dh: 'k', auth: 'a' } }, { user: 'owner', actor: 'web', session });
    return {
      session,
      push: () => subscribe(deps, { endpoint, keys: { p256dh: 'k', auth: 'a' } }, { user: 'owner', actor: 'web', session }),
    };
  };
  const left = async () => (await store.pushSubscriptions(null)).map((one) => one.endpoint).sort();
  const told = async () => (await store.events(0, 100)).filter((event) => event.type === 'push.unsubscribed').length;

  it('ends with it: by logout, by a new login, by time, also while no server runs', async () => {
    const { session, push } = await subscribed(await loggedIn(), 'https://push.test/logout');
    const before = await subscribed(await loggedIn(), 'https://push.test/login');
    const token = await loggedIn();
    await subscribed(token, 'https://push.test/kept');
    await sessions.logout(asked({ session }).context);
    expect(await left()).toEqual(['https://push.test/kept', 'https://push.test/login']);
    await expect(push()).rejects.toMatchObject({ code: 'unauthenticated' });
    await sessions.login({ token: 'right' }, asked({ session: before.session }).context);
    expect(await left()).toEqual(['https://push.test/kept']);
    expect(await told()).toBe(2);
    nowMs += 30 * DAY_MS;
    timer?.ring();
    await expect.poll(left).toEqual([]);
    await subscribed(await loggedIn(), 'https://push.test/asleep');
    nowMs += 30 * DAY_MS;
    sessions = await opened();
    expect(await left()).toEqual([]);
    expect(await told()).toBe(4);
  });
});

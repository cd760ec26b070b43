/** Threats 2, 4 and 44: a browser's session is taken from nobody, guessed by nobody, and useless to a page of another origin. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { browserDoor, type Door, loggedIn } from '../../support/browser-door.ts';
import { type Gluon, startGluon } from '../../support/gluon.ts';
import { upgradeStatus } from '../../support/live-client.ts';

let gluon: Gluon;
let port: number;
beforeAll(async () => {
  gluon = await startGluon();
  port = Number(new URL(gluon.address).port);
}, 60_000);
afterAll(() => gluon?.stop());

const login = (): Promise<Door> => loggedIn(gluon.address, gluon.token);
const code = (url: string): string => new URL(url).hash.slice('#code='.length);

describe('a login', () => {
  it('sets a cookie that scripts and other sites do not get, and tells the page its proof', async () => {
    const door = browserDoor(gluon.address);
    const answer = await door.fetch('POST', '/auth/login', { token: gluon.token });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ user: { name: 'owner', role: 'admin' }, csrf: expect.stringMatching(/^[\w-]{43}$/) });
    expect(answer.setCookie).toEqual([
      expect.stringMatching(/^gluon_session=[\w-]{43}; Max-Age=2592000; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    expect(JSON.stringify(answer.body)).not.toContain(door.cookie?.split('=')[1]);
    expect((await door.fetch('GET', '/runs')).status).toBe(200);
    const overTls = await door.fetch('POST', '/auth/login', { token: gluon.token }, { origin: 'https://127.0.0.1' });
    expect(overTls.status).toBe(403);
  });

  it('makes a new session each time, and ends the one before (fixation)', async () => {
    const door = await login();
    const planted = door.cookie;
    const again = await door.fetch('POST', '/auth/login', { token: gluon.token });
    expect(again.status).toBe(200);
    expect(door.cookie).not.toBe(planted);
    const thief = browserDoor(gluon.address);
    thief.cookie = planted;
    expect((await thief.fetch('GET', '/auth/session')).status).toBe(401);
    const chosen = browserDoor(gluon.address);
    chosen.cookie = `gluon_session=${'a'.repeat(43)}`;
    await chosen.fetch('POST', '/auth/login', { token: gluon.token });
    expect(chosen.cookie).not.toBe(`gluon_session=${'a'.repeat(43)}`);
  });

  it('with a wrong token gets 401 and no cookie', async () => {
    for (const input of [{ token: 'wrong' }, { token: `${gluon.token}x` }, { code: 'wrong' }, { code: gluon.token }]) {
      const door = browserDoor(gluon.address);
      const answer = await door.fetch('POST', '/auth/login', input);
      expect([answer.status, answer.body.code, answer.setCookie]).toEqual([401, 'login_refused', []]);
    }
    const door = browserDoor(gluon.address);
    for (const input of [{}, { token: gluon.token, code: 'x' }, { token: '' }])
      expect((await door.fetch('POST', '/auth/login', input)).status).toBe(400);
    expect((await door.fetch('POST', '/auth/login', { token: gluon.token }, { origin: 'http://evil.test' })).status).toBe(403);
  });

  it('is never answered from an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'login-1' };
    const first = await browserDoor(gluon.address).fetch('POST', '/auth/login', { token: gluon.token }, headers);
    const second = await browserDoor(gluon.address).fetch('POST', '/auth/login', { token: gluon.token }, headers);
    expect(second.body.csrf).not.toBe(first.body.csrf);
  });
});

describe('a session', () => {
  it('changes nothing without its own proof', async () => {
    const door = await login();
    const other = await login();
    const change = (headers: Record<string, string>) => door.fetch('POST', '/notifications/read', { all: true }, headers);
    const wrong = ['', 'x', other.csrf ?? '', `${door.csrf}x`, door.csrf?.slice(1) ?? ''];
    for (const csrf of wrong) {
      const answer = await change({ 'x-gluon-csrf': csrf });
      expect([answer.status, answer.body.code], csrf).toEqual([403, 'csrf_refused']);
    }
    door.csrf = null;
    for (const [method, path] of [
      ['POST', '/notifications/read'],
      ['PUT', '/settings/log_level'],
      ['PATCH', '/runs/abc'],
      ['DELETE', '/settings/log_level'],
      ['POST', '/auth/logout'],
    ] as const) {
      const answer = await door.fetch(method, path, method === 'DELETE' ? undefined : {});
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'csrf_refused']);
    }
    // Positive control: with the proof it does.
    const session = await door.fetch('GET', '/auth/session');
    expect((await change({ 'x-gluon-csrf': String(session.body.csrf) })).status).toBe(200);
  });

  it('needs no proof for a bearer token, and a wrong token is not made good by a cookie', async () => {
    const door = await login();
    const headers = { authorization: 'Bearer wrong' };
    expect((await door.fetch('GET', '/runs', undefined, headers)).status).toBe(401);
    expect((await door.fetch('GET', '/runs', undefined, { authorization: 'Basic abc' })).status).toBe(401);
    expect((await gluon.raw('POST', '/notifications/read', { all: true })).status).toBe(200);
    expect((await gluon.raw('GET', '/auth/session')).status).toBe(404);
  });

  it('is not taken from several cookies of that name, nor from half of one', async () => {
    const door = await login();
    const good = door.cookie ?? '';
    const tries = [`${good}; ${good}`, `gluon_session=; ${good}`, good.slice(0, -1), `${good}x`, `GLUON_SESSION=${good.split('=')[1]}`, ''];
    for (const cookie of tries) {
      door.cookie = cookie;
      expect((await door.fetch('GET', '/auth/session')).status, cookie).toBe(401);
    }
    door.cookie = `theme=dark; ${good}; other=1`;
    expect((await door.fetch('GET', '/auth/session')).status).toBe(200);
  });

  it('ends at logout, everywhere, and its live connection with it', async () => {
    const door = await login();
    const copy = browserDoor(gluon.address);
    copy.cookie = door.cookie;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, ['gluon.v1'], {
      headers: { cookie: door.cookie ?? '', origin: gluon.address },
    });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const out = await door.fetch('POST', '/auth/logout', {});
    expect([out.status, door.cookie]).toEqual([200, null]);
    expect(await closed).toBe(1008);
    expect((await copy.fetch('GET', '/runs')).status).toBe(401);
  });

  it('outlives the server, and is stored only as a digest', async () => {
    const own = await startGluon();
    try {
      const door = await loggedIn(own.address, own.token);
      const value = door.cookie?.split('=')[1] ?? '';
      await own.kill();
      const files = await Promise.all(['gluon.db', 'gluon.db-wal'].map((name) => readFile(join(own.home, name), 'latin1').catch(() => '')));
      const csrf = door.csrf ?? '';
      // The proof is no secret by itself; that it is found shows that the session was looked for in the right place.
      expect([files.some((text) => text.includes(csrf)), files.some((text) => text.includes(value))]).toEqual([true, false]);
      const next = await own.restart();
      const again = browserDoor(next.address);
      again.cookie = door.cookie;
      expect((await again.fetch('GET', '/auth/session')).body).toMatchObject({ csrf });
      await next.stop();
    } finally {
      await own.stop();
    }
  }, 60_000);

  it('is bounded in number: the oldest gives way', async () => {
    const first = await login();
    for (let n = 0; n < 50; n += 1) await login();
    expect((await first.fetch('GET', '/auth/session')).status).toBe(401);
  });
});

describe('the live connection', () => {
  it('takes the cookie only from the own page', async () => {
    const { cookie } = await login();
    const upgrade = (headers: Record<string, string>) => upgradeStatus(port, { headers, protocols: ['gluon.v1'] });
    expect(await upgrade({ cookie: cookie ?? '', origin: gluon.address })).toBe(101);
    expect(await upgrade({ cookie: cookie ?? '' })).toBe(403);
    for (const origin of ['http://evil.test', 'null', `http://127.0.0.1:${port + 1}`, `https://127.0.0.1:${port}`])
      expect(await upgrade({ cookie: cookie ?? '', origin }), origin).toBe(403);
    expect(await upgrade({ cookie: `gluon_session=${'a'.repeat(43)}`, origin: gluon.address })).toBe(401);
  });
});

describe('a login link', () => {
  const link = () => gluon.call('auth.login_link', {});

  it('logs in once', async () => {
    const { url } = await link();
    expect(url).toMatch(new RegExp(`^${gluon.address}/#code=[\\w-]{43}$`));
    const [first, second] = [browserDoor(gluon.address), browserDoor(gluon.address)];
    expect((await first.fetch('POST', '/auth/login', { code: code(url) })).body).toMatchObject({
      user: { name: 'owner', role: 'admin' },
    });
    expect((await second.fetch('POST', '/auth/login', { code: code(url) })).status).toBe(401);
  });

  it('is not made by a browser, and no more than a few wait', async () => {
    const door = await login();
    expect((await door.fetch('POST', '/auth/login-link', {})).status).toBe(403);
    const first = await link();
    for (let n = 0; n < 20; n += 1) await link();
    expect((await browserDoor(gluon.address).fetch('POST', '/auth/login', { code: code(first.url) })).status).toBe(401);
  });

  it('stands in no log', async () => {
    const { url } = await link();
    await browserDoor(gluon.address).fetch('POST', '/auth/login', { code: code(url) });
    const log = await readFile(join(gluon.home, 'logs', 'server.log'), 'utf8');
    expect([log.includes('/api/auth/login'), log.includes(code(url))]).toEqual([true, false]);
  });
});

describe('guessing', () => {
  it('of tokens and codes is slowed down together, and locks nobody out', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 70; n += 1)
      statuses.push((await browserDoor(gluon.address).fetch('POST', '/auth/login', { code: `guess-${n}` })).status);
    expect(statuses.at(-1)).toBe(429);
    await login();
  });
});

/** Threat 2: what a browser's session leaves behind as time goes on, through the real door. */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import WebSocket from 'ws';
import { openTemporary } from '../../../src/adapters/store/sqlite/opened.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { sha256 } from '../../../src/adapters/system/digest.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { systemRandom } from '../../../src/adapters/system/random.ts';
import { type WebSessions, webSessions } from '../../../src/services/web-sessions.ts';
import { type Fixture, startFixture, TOKEN } from '../../support/http-server.ts';

const DAY_MS = 86_400_000;
const PROXY = 'gluon.example.org';
let fixture: Fixture;
let sessions: WebSessions;
let nowMs: number;
/** Of the sessions: what is to be done next, when time has gone on. */
let ring: () => void;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-01T10:00:00Z');
  const after = (_delayMs: number, callback: () => void) => {
    ring = callback;
    return () => {};
  };
  const clock = { ...systemClock(), nowMs: () => nowMs, after };
  const bus = { publish: () => {}, subscribe: () => () => {} };
  const settings = { get: () => [] as never };
  const deps = { store: await openTemporary(), bus, settings, log: silentLog(), clock, random: systemRandom(), redact: String };
  const identify = (token: string) => (token === TOKEN ? { name: 'owner', role: 'admin' as const } : null);
  sessions = webSessions(deps, { identify, digest: sha256 });
  await sessions.load();
  fixture = await startFixture({ 'auth.login': sessions.login }, { sessions, extraHosts: [PROXY] });
});
afterEach(() => fixture.close());

/** Gives the cookie as it was set. */
async function login(origin: string): Promise<string> {
  const { headers } = await fixture.server.inject({
    method: 'POST',
    url: '/api/auth/login',
    headers: { host: PROXY, origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: TOKEN }),
  });
  return String(headers['set-cookie']);
}

const plain = (cookie: string): string => cookie.split(';')[0] ?? '';

it('a cookie that was given over https is never sent over http, also after it was renewed by a mere GET', async () => {
  const cookies = { secure: await login(`https://${PROXY}`), open: await login(`http://${PROXY}`) };
  expect([cookies.secure.includes('; Secure'), cookies.open.includes('; Secure')]).toEqual([true, false]);
  nowMs += 2 * DAY_MS;
  const renewed = async (cookie: string) =>
    (await fixture.server.inject({ url: '/api/runs', headers: { host: PROXY, cookie: plain(cookie) } })).headers['set-cookie'];
  expect(await renewed(cookies.secure)).toBe(cookies.secure);
  expect(await renewed(cookies.open)).toBe(cookies.open);
});

it('a live connection ends with the time of its session, that of another session goes on', async () => {
  const origin = `http://127.0.0.1:${fixture.port}`;
  const connect = async () => {
    const headers = { origin, cookie: plain(await login(origin)) };
    const socket = new WebSocket(`ws://127.0.0.1:${fixture.port}/api/ws`, ['gluon.v1'], { headers });
    await once(socket, 'open');
    return socket;
  };
  const late = await connect();
  nowMs += 29 * DAY_MS;
  const open = await connect();
  const ended = once(late, 'close');
  nowMs += DAY_MS;
  ring();
  expect((await ended)[0]).toBe(1008);
  const answered = once(open, 'message');
  open.send(JSON.stringify({ type: 'ping' }));
  await answered;
  open.close();
});

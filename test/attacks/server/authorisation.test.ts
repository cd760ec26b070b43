/** Threats 1, 4 and 6: no route without a token, no operation above the role. The list comes from the router, not from a copy. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATION_NAMES, OPERATIONS } from '../../../src/contract/operations.ts';
import { operationAddress } from '../../../src/server/operation-address.ts';
import { type Fixture, OPERATOR_TOKEN, startFixture, TOKEN, VIEWER_TOKEN } from '../../support/http-server.ts';
import { upgradeStatus } from '../../support/live-client.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture(
    {},
    {
      limits: { failedLoginsPerMinute: 1_000_000 },
      mount: (app) => {
        app.get('/api/added-later', async () => 'added');
      },
    },
  );
});
afterAll(() => fixture.close());

/** A concrete address of a route's pattern. */
function addressOf(url: string): string {
  return url.replace(/:\w+/g, 'abc').replace('*', 'a/diff');
}

async function status(method: string, url: string, authorization?: string): Promise<number> {
  const response = await fetch(fixture.url(url), { method, headers: authorization === undefined ? {} : { authorization } });
  await response.arrayBuffer();
  return response.status;
}

describe('without the token', () => {
  it('the router knows every operation and little else', () => {
    const known = new Set(fixture.server.routes().map((route) => `${route.method} ${route.url}`));
    for (const name of OPERATION_NAMES)
      expect(known).toContain(`${OPERATIONS[name].method} ${operationAddress(OPERATIONS[name].path).url}`);
    const extra = fixture.server.routes().filter((route) => route.method !== 'HEAD').length - OPERATION_NAMES.length;
    expect(extra).toBe(4);
  });

  it('every route that is not public answers 401 and reaches no handler', async () => {
    const closed = fixture.server.routes().filter((route) => route.role !== 'public');
    expect(closed.length).toBeGreaterThan(50);
    for (const wrong of [undefined, 'Bearer wrong', `Basic ${btoa(`owner:${TOKEN}`)}`, `Bearer ${TOKEN.slice(0, -1)}`, `bearer${TOKEN}`]) {
      for (const { method, url } of closed) expect(await status(method, addressOf(url), wrong), `${method} ${url} with ${wrong}`).toBe(401);
    }
    expect(fixture.calls).toEqual([]);
  });

  it('only health, version and the login are public', () => {
    const open = fixture.server.routes().filter((route) => route.role === 'public');
    expect([...new Set(open.map((route) => route.url))].sort()).toEqual(['/api/auth/login', '/api/health', '/api/version']);
  });

  it('an address that does not exist looks like one that does', async () => {
    for (const url of ['/', '/api', '/api/nowhere', '/admin', '/api/%zz', `/api/runs/${'a'.repeat(5_000)}`]) {
      expect(await status('GET', url), url).toBe(401);
      expect(await status('GET', url, `Bearer ${TOKEN}`), url).toBeOneOf([400, 404]);
    }
    for (const method of ['OPTIONS', 'TRACE', 'PROPFIND']) {
      const answer = await fixture.server.inject({ method: method as 'OPTIONS', url: '/api/runs' });
      expect(answer.statusCode, method).toBeGreaterThanOrEqual(400);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('a route that was added without a word about roles is for admin alone', async () => {
    expect(await status('GET', '/api/added-later')).toBe(401);
    expect(await status('GET', '/api/added-later', `Bearer ${OPERATOR_TOKEN}`)).toBe(403);
    expect(await status('GET', '/api/added-later', `Bearer ${TOKEN}`)).toBe(200);
  });

  it('a token in the address, a cookie or another header is none', async () => {
    for (const name of ['token', 'access_token', 'authorization']) expect(await status('GET', `/api/runs?${name}=${TOKEN}`)).toBe(401);
    for (const header of ['cookie', 'x-api-key', 'proxy-authorization', 'x-forwarded-authorization']) {
      const response = await fetch(fixture.url('/api/runs'), {
        headers: { [header]: header === 'cookie' ? `token=${TOKEN}` : `Bearer ${TOKEN}` },
      });
      expect(response.status, header).toBe(401);
    }
    expect(await status('GET', '/api/runs', `Bearer ${TOKEN}`)).toBe(200);
  });

  it('the subprotocol carries a token for the live connection only', async () => {
    const response = await fetch(fixture.url('/api/runs'), { headers: { 'sec-websocket-protocol': `gluon.v1, gluon.token.${TOKEN}` } });
    expect(response.status).toBe(401);
  });
});

describe('the matrix of roles and operations', () => {
  const tokens = { viewer: VIEWER_TOKEN, operator: OPERATOR_TOKEN, admin: TOKEN } as const;
  const rank = { public: 0, viewer: 1, operator: 2, admin: 3 } as const;

  it.each(Object.keys(tokens) as (keyof typeof tokens)[])('a %s reaches what the role may, and nothing above', async (role) => {
    for (const name of OPERATION_NAMES) {
      const { method, path, role: needed } = OPERATIONS[name];
      const before = fixture.calls.length;
      const got = await status(method, addressOf(operationAddress(path).url), `Bearer ${tokens[role]}`);
      if (rank[role] < rank[needed]) expect([name, got, fixture.calls.length - before]).toEqual([name, 403, 0]);
      else expect([name, got === 403 || got === 401]).toEqual([name, false]);
    }
  });
});

describe('guessing tokens', () => {
  it('gets 429 after a while, and does not lock the owner out', async () => {
    const strict = await startFixture({}, { limits: { failedLoginsPerMinute: 5 } });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++)
      statuses.push((await fetch(strict.url('/api/runs'), { headers: { authorization: `Bearer guess-${n}` } })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await strict.fetch('/api/runs')).status).toBe(200);
    expect(strict.logged.filter((line) => line.level === 'warn')).toHaveLength(5);
    await strict.close();
  });
});

describe('the live connection', () => {
  it('is refused without a token, with a wrong one, and with the token in the address', async () => {
    const { port } = fixture;
    expect(await upgradeStatus(port, {})).toBe(401);
    expect(await upgradeStatus(port, { headers: { authorization: 'Bearer wrong' } })).toBe(401);
    expect(await upgradeStatus(port, { protocols: ['gluon.v1', 'gluon.token.wrong'] })).toBe(401);
    expect(await upgradeStatus(port, { path: `/api/ws?token=${TOKEN}` })).toBe(401);
    expect(await upgradeStatus(port, { protocols: ['gluon.v1', `gluon.token.${TOKEN}`] })).toBe(101);
  });

  it('is to be had at its own address only', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const before = fixture.calls.length;
    expect(await upgradeStatus(fixture.port, { path: '/api/runs', headers })).toBe(400);
    expect(await upgradeStatus(fixture.port, { path: '/api/health' })).toBe(400);
    expect(await upgradeStatus(fixture.port, { path: '/api/nowhere', headers })).toBe(400);
    expect(fixture.calls.length).toBe(before);
  });
});

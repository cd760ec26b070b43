/** Attacks on who may call. Each has its positive control: the same request with a good token passes. */
import { describe, expect, it } from 'vitest';
import {
  answerJson,
  answerStream,
  ask,
  CANARY,
  credentials,
  grantFor,
  MESSAGE,
  type Rig,
  raw,
  rig,
  until,
} from '../../../src/adapters/gateway/http/gateway.fixture.ts';

async function controlPasses(at: Rig): Promise<void> {
  const before = at.provider.requests.length;
  expect((await ask(at)).status).toBe(200);
  expect(at.provider.requests).toHaveLength(before + 1);
}

describe('a caller without a valid token', () => {
  it.each<[string, (at: Rig) => Parameters<typeof ask>[1]]>([
    ['no token', () => ({ token: null })],
    ['an empty token', () => ({ token: '' })],
    ['a wrong token', (at) => ({ token: `${at.token.slice(0, -1)}${at.token.endsWith('A') ? 'B' : 'A'}` })],
    ['a token cut short', (at) => ({ token: at.token.slice(0, 20) })],
    ['a token with something behind it', (at) => ({ token: `${at.token}x` })],
    ["the provider's own key", () => ({ token: CANARY })],
    ['the token in the URL', (at) => ({ token: null, path: `/v1/messages?x-api-key=${at.token}` })],
    [
      'the token as user of the URL',
      (at) => ({ token: null, headers: { authorization: `Basic ${Buffer.from(`${at.token}:`).toString('base64')}` } }),
    ],
    ['the token in a cookie', (at) => ({ token: null, headers: { cookie: `x-api-key=${at.token}` } })],
    ['the token as proxy authorization', (at) => ({ token: null, headers: { 'proxy-authorization': `Bearer ${at.token}` } })],
    ['two different tokens', (at) => ({ headers: { authorization: `Bearer ${at.token}x` } })],
    ['a good token behind a bad one', (at) => ({ token: null, headers: { 'x-api-key': ['bad', at.token] } })],
  ])('%s: 401, and nothing leaves', async (_name, attack) => {
    const at = await rig((_request, res) => answerStream(res));
    const answer = await ask(at, attack(at));
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text)).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
    expect(at.provider.requests).toHaveLength(0);
    expect(at.meter.reserved).toHaveLength(0);
    await controlPasses(at);
  });

  it('the same good token twice, in both places agents use, is one token', async () => {
    const at = await rig((_request, res) => answerStream(res));
    expect((await ask(at, { headers: { authorization: `Bearer ${at.token}` } })).status).toBe(200);
    expect((await ask(at, { token: null, headers: { authorization: `Bearer ${at.token}` } })).status).toBe(200);
  });

  it('its body is not read', async () => {
    const at = await rig((_request, res) => answerStream(res));
    const answer = await raw(at, `POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 50000000\r\n\r\nabc`);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('revoked: the token of an ended attempt opens nothing', async () => {
    const at = await rig((_request, res) => answerStream(res));
    await controlPasses(at);
    at.gateway.revoke(at.token);
    expect((await ask(at)).status).toBe(401);
  });
});

describe('a token is good for its own run and models only', () => {
  it('what run A spends is booked on run A, whatever its request says of run B', async () => {
    const at = await rig((_request, res) => answerStream(res));
    const ofB = at.gateway.issue(grantFor({ runId: 'run-b' }));
    const body = JSON.stringify({ ...JSON.parse(MESSAGE), metadata: { user_id: 'run-b' }, run_id: 'run-b' });
    await ask(at, { body, headers: { 'x-gluon-run': 'run-b', 'x-claude-code-session-id': 'run-b' } });
    await ask(at, { token: ofB });
    expect(at.meter.reserved.map(({ grant }) => grant.runId)).toEqual(['run-a', 'run-b']);
  });

  it('a grant that is changed by its holder afterwards stays what it was', async () => {
    const at = await rig((_request, res) => answerStream(res));
    const grant = grantFor({ models: ['claude-sonnet-5'] });
    const token = at.gateway.issue(grant);
    grant.models?.push('claude-opus-5-5');
    expect((await ask(at, { token, body: '{"model":"claude-opus-5-5"}' })).status).toBe(400);
  });

  it.each([
    '{"model":"claude-opus-5-5"}',
    '{"model":"claude-sonnet-5","model":"claude-opus-5-5"}',
    '{"model":"claude-sonnet-5 "}',
    '{"m\\u006fdel":"claude-opus-5-5"}',
  ])('another model is refused: %s', async (body) => {
    const at = await rig((_request, res) => answerStream(res));
    const token = at.gateway.issue(grantFor({ models: ['claude-sonnet-5'] }));
    for (const path of ['/v1/messages', '/v1/messages/count_tokens']) expect((await ask(at, { token, body, path })).status, path).toBe(400);
    expect(at.provider.requests).toHaveLength(0);
    expect((await ask(at, { token })).status).toBe(200);
  });

  it('many calls and many bytes at once are held off, and the rest still served', async () => {
    const held: (() => void)[] = [];
    const at = await rig((_request, res) => void held.push(() => answerStream(res)), { limits: { callsPerToken: 3 } });
    const asked = [1, 2, 3].map(() => ask(at));
    await until(() => held.length === 3);
    const other = at.gateway.issue(grantFor({ runId: 'run-b' }));
    expect(await ask(at)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    const third = ask(at, { token: other });
    await until(() => held.length === 4);
    for (const release of held) release();
    expect((await Promise.all([...asked, third])).map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
  });
});

describe("the provider's key", () => {
  const echo = (request: { headers: object; rawHeaders: string[] }): string =>
    JSON.stringify({ error: { message: 'bad key', got: request } });

  it.each([200, 400, 401, 500])('never comes back, even when the provider echoes it (%i)', async (status) => {
    const at = await rig((request, res) => {
      const key = String(request.headers['x-api-key']);
      res.writeHead(status, {
        'content-type': 'application/json',
        'x-echo': key,
        'www-authenticate': `key="${key}"`,
        'set-cookie': `k=${key}`,
      });
      const text = echo(request);
      const middle = text.indexOf(CANARY) + 10;
      res.write(text.slice(0, middle));
      setTimeout(() => res.end(text.slice(middle)), 20);
    });
    const answer = await ask(at);
    expect(answer.status).toBe(status);
    // Positive control: the provider did see it, and did send it.
    expect(at.provider.requests[0]?.headers['x-api-key']).toBe(CANARY);
    expect(answer.text).toContain('*'.repeat(CANARY.length));
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain(CANARY);
    expect(answer.body.length).toBe(Buffer.byteLength(echo(at.provider.requests[0] ?? { headers: {}, rawHeaders: [] })));
  });

  it('never comes back from a stream of events', async () => {
    const at = await rig((request, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of `data: {"echo":"${request.headers['x-api-key']}"}\n\n`) res.write(byte);
      res.end();
    });
    const answer = await ask(at);
    expect(answer.text).toBe(`data: {"echo":"${'*'.repeat(CANARY.length)}"}\n\n`);
  });

  it('is in no error of the gateway itself and in no line of its log', async () => {
    const lines: string[] = [];
    const note = (fields: object, message: string): void =>
      void lines.push(message + JSON.stringify(fields, (_key, value) => (value instanceof Error ? String(value.stack) : value)));
    const log = { debug: note, info: note, warn: note, error: note };
    const at = await rig((_request, res) => answerJson(res, 500, {}), {
      log,
      credentials: credentials(`http://user:${CANARY}@127.0.0.1:1`),
    });
    const answer = await ask(at);
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain(CANARY);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join()).not.toContain(CANARY);
    expect(lines.join()).not.toContain('hello');
    expect(lines.join()).not.toContain(at.token);
  });
});

/** Threats 45 and 48: paths that climb, bodies that poison or explode. Each with a harmless twin that reaches the handler. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, fieldsOf, startFixture, TOKEN } from '../../support/http-server.ts';
import { rawRequest, sendRaw } from '../../support/raw-http.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.calls.length = 0;
});

function post(path: string, body: string): Promise<Response> {
  return fixture.fetch(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** As it is written: fetch would tidy the path first. */
async function get(target: string): Promise<number | undefined> {
  const headers = [`Host: 127.0.0.1:${fixture.port}`, `Authorization: Bearer ${TOKEN}`, 'Connection: close'];
  return (await sendRaw(fixture.port, rawRequest(`GET ${target}`, headers))).statuses[0];
}

describe('paths that climb', () => {
  it.each([
    '..',
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '%2e%2e%2f%2e%2e',
    '..%5c..%5cwindows',
    '%252e%252e',
    '%c0%ae%c0%ae',
    'abc%00',
    '%00',
    'abc%0d%0aX-Injected:%201',
    '%2fetc%2fpasswd',
    'C:%5c',
    'CON',
    '%EF%BC%8E%EF%BC%8E',
    'ABC',
    'a'.repeat(33),
    'a'.repeat(5_000),
    'abc;drop',
    'abc%20',
    "abc'",
    '-abc',
    '$(id)',
  ])('the id %s reaches no handler', async (id) => {
    expect(await get(`/api/runs/${id}`)).toBeOneOf([400, 404]);
    expect(await get(`/api/images/${id}`)).toBeOneOf([400, 404]);
    expect(await get(`/api/runs/${id}/commits/${id}`)).toBeOneOf([400, 404]);
    expect(fixture.calls).toEqual([]);
    expect(await get('/api/runs/abc')).toBe(200);
  });

  it.each([
    '../../../etc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    'src/../../../etc/passwd',
    'src/%2e/x',
    '/etc/passwd',
    '%2fetc/passwd',
    'src//x',
    'src/x%00.txt',
    '.',
    'src/..',
    'a/'.repeat(3_000),
  ])('the file %s reaches no handler', async (path) => {
    expect(await get(`/api/runs/abc/files/${path}/diff`)).toBeOneOf([400, 404]);
    expect(await get(`/api/runs/abc/diff?path=${encodeURIComponent(decodeURIComponent(path))}`)).toBeOneOf([400, 431]);
    expect(fixture.calls).toEqual([]);
  });

  it('odd but possible names of files do reach it, exactly', async () => {
    const names = [
      'a b.txt',
      '..hidden',
      'dots...',
      'ünï/日本.md',
      'C:\\x',
      'a%2fb',
      '-rf',
      ':(glob)x',
      '\u202egnp.exe',
      'new\nline',
      "'; drop",
      '__proto__',
    ];
    for (const name of names) {
      const encoded = name.split('/').map(encodeURIComponent).join('/');
      expect(await get(`/api/runs/abc/files/${encoded}/diff`), name).toBe(200);
    }
    expect(fixture.calls.map((call) => call.input.path)).toEqual(names);
  });
});

describe('queries that confuse', () => {
  it.each([
    'limit=1&limit=2',
    'limit[]=1',
    'limit=1e9',
    'limit=-1',
    'limit=NaN',
    'limit=',
    'project[$ne]=x',
    'project=a&project=b',
    'search=a%00',
  ])('%s is refused', async (query) => {
    expect(await get(`/api/runs?${query}`)).toBe(400);
    expect(fixture.calls).toEqual([]);
    expect(await get('/api/runs?limit=1&project=a')).toBe(200);
  });

  it.each(['__proto__=x', '__proto__[admin]=1', 'constructor=x', 'constructor.prototype.admin=1', 'toString=x', 'hasOwnProperty=x'])(
    '%s poisons nothing',
    async (query) => {
      expect(await get(`/api/runs?${query}`)).toBe(400);
      expect(({} as Record<string, unknown>).admin).toBeUndefined();
      expect(fixture.calls).toEqual([]);
    },
  );
});

describe('bodies that poison', () => {
  it.each([
    '{"name":"w","path":"/w","__proto__":{"admin":true}}',
    '{"name":"w","path":"/w","\\u005f_proto__":{"admin":true}}',
    '{"__proto__":{"name":"w","path":"/w"}}',
    '{"name":"w","path":"/w","constructor":{"prototype":{"admin":true}}}',
    '{"name":"w","path":"/w","prototype":{}}',
    '{"name":"w","path":"/w","toString":"x"}',
  ])('%s is refused', async (body) => {
    expect((await post('/api/workspaces', body)).status).toBe(400);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
    expect(fixture.calls).toEqual([]);
    expect((await post('/api/workspaces', '{"name":"w","path":"/w"}')).status).toBe(201);
  });

  it('below a field that takes anything, too', async () => {
    const put = (value: string) =>
      fixture.fetch('/api/settings/prices', { method: 'PUT', body: `{"value":${value}}`, headers: { 'content-type': 'application/json' } });
    expect((await put('{"a":[{"__proto__":{"x":1}}]}')).status).toBe(400);
    expect((await put('{"a":{"constructor":{"prototype":{"x":1}}}}')).status).toBe(400);
    expect(fixture.calls).toEqual([]);
    expect((await put('{"a":[{"b":1}]}')).status).toBe(200);
    expect((await post('/api/questions/q/answer', '{"answers":{"__proto__":["a"]}}')).status).toBe(400);
    expect((await post('/api/questions/q/answer', '{"answers":{"q":["a"]}}')).status).toBe(200);
  });

  it('the path cannot be overruled by the body', async () => {
    expect((await post('/api/runs/abc/cancel', '{"run":"def"}')).status).toBe(400);
    expect((await post('/api/runs/abc/cancel', '{"run":["abc"]}')).status).toBe(400);
    expect(fixture.calls).toEqual([]);
  });
});

describe('bodies that explode', () => {
  const put = (value: string) =>
    fixture.fetch('/api/settings/prices', { method: 'PUT', body: `{"value":${value}}`, headers: { 'content-type': 'application/json' } });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('a million nested %s are refused at once', async (_what, left, right) => {
    const depth = left === '[' ? 1_000_000 : 300_000;
    const startMs = performance.now();
    const response = await put(`${left.repeat(depth)}1${right.repeat(depth)}`);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect([response.status, String((await fieldsOf(response)).detail)]).toEqual([400, expect.stringContaining('nested deeper')]);
    expect((await put('[[[[1]]]]')).status).toBe(200);
  });

  it('a million quotes and backslashes cost no more than linear time', async () => {
    const startMs = performance.now();
    expect((await put(`"${'\\\\'.repeat(400_000)}${'\\"'.repeat(400_000)}"`)).status).toBe(200);
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it('a body above the limit of its address is refused, below it is taken', async () => {
    const body = (bytes: number): string => JSON.stringify({ name: 'w', path: '/w', scan: true }).padEnd(bytes, ' ');
    const limit = 2 * 1024 * 1024;
    expect((await post('/api/workspaces', body(limit))).status).toBe(201);
    const refused = await post('/api/workspaces', body(limit + 1));
    expect([refused.status, (await fieldsOf(refused)).code]).toEqual([413, 'too_large']);
    // Chunked, so that no length is announced.
    const chunk = `${(65_536).toString(16)}\r\n${' '.repeat(65_536)}\r\n`;
    const head = rawRequest('POST /api/workspaces', [
      `Host: 127.0.0.1:${fixture.port}`,
      `Authorization: Bearer ${TOKEN}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    ]);
    const { statuses, closed } = await sendRaw(fixture.port, `${head}${chunk.repeat(40)}`, 1_000);
    expect(statuses[0] ?? 413).toBe(413);
    expect(closed).toBe(true);
    // An operation with a larger limit of its own takes it.
    expect((await post('/api/runs', JSON.stringify({ project: 'p', prompt: 'x'.repeat(1_900_000) }).padEnd(limit + 1))).status).toBe(201);
  });

  it('a big body is not read before the token was seen', async () => {
    const head = rawRequest('POST /api/images', [
      `Host: 127.0.0.1:${fixture.port}`,
      'Content-Type: application/json',
      'Content-Length: 20000000',
    ]);
    const { statuses, closed } = await sendRaw(fixture.port, `${head}{"data":"`);
    expect([statuses, closed]).toEqual([[401], true]);
  });

  it('a hundred thousand unknown fields are refused in a short answer', async () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`field${n}`, 1]));
    const response = await post('/api/workspaces', JSON.stringify(many));
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(text.length).toBeLessThan(10_000);
  });

  it('text that is not JSON, or no object, is refused', async () => {
    for (const body of [
      '{',
      '{"name":"w","path":"/w"}x',
      "{'name':'w'}",
      '\ufeff',
      'NaN',
      'null',
      '1',
      '"x"',
      '{"name":"w","path":"/w",}',
    ]) {
      expect((await post('/api/workspaces', body)).status, body).toBe(400);
    }
    expect(fixture.calls).toEqual([]);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { fixtureProject, fixtureRun, RUN_ID } from '../../test/support/fixture-resources.ts';
import { type Answers, type Fixture, fieldsOf, OPERATOR_TOKEN, startFixture, TOKEN } from '../../test/support/http-server.ts';
import { GluonError } from '../contract/errors.ts';
import type { HttpServerOptions } from './http-server.ts';

const open: Fixture[] = [];
async function start(answers: Answers = {}, options: Partial<HttpServerOptions> = {}): Promise<Fixture> {
  const fixture = await startFixture(answers, options);
  open.push(fixture);
  return fixture;
}
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
});

function json(method: string, body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

describe('an operation over HTTP', () => {
  it('gets path and query as one parsed input with its defaults', async () => {
    const { fetch, calls } = await start();
    expect((await fetch('/api/runs?status=review&status=running&limit=7')).status).toBe(200);
    expect(calls[0]).toMatchObject({ name: 'runs.list', input: { status: ['review', 'running'], limit: 7, archived: false } });
  });

  it('gets path and body as one parsed input', async () => {
    const { fetch, calls } = await start();
    await fetch(`/api/runs/${RUN_ID}/status`, json('POST', { status: 'review', run: RUN_ID }));
    expect(calls[0]).toMatchObject({ name: 'runs.move', input: { run: RUN_ID, status: 'review' } });
  });

  it('takes a path of several segments in the middle of the address', async () => {
    const { fetch, calls } = await start();
    await fetch('/api/runs/abc/files/src/a%20b/diff/diff');
    await fetch('/api/runs/abc/files/odd%2525name/diff');
    expect(calls.map((call) => call.input.path)).toEqual(['src/a b/diff', 'odd%25name']);
    expect((await fetch('/api/runs/abc/files/src/a')).status).toBe(404);
  });

  it('answers with the status of the operation and the output as JSON', async () => {
    const { fetch } = await start({ 'runs.create': () => fixtureRun() }, { checkOutputs: true });
    const response = await fetch('/api/runs', json('POST', { project: 'shop', prompt: 'do' }));
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual(fixtureRun());
  });

  it('names the client and the person in the context', async () => {
    const { fetch, calls } = await start();
    await fetch('/api/status', { headers: { 'x-gluon-client': 'cli' } });
    await fetch('/api/status', { headers: { 'x-gluon-client': 'supervisor"; drop' } });
    expect(calls.map((call) => call.context.actor)).toEqual(['cli', 'api']);
    expect(calls[0]?.context).toMatchObject({ role: 'admin' });
  });

  it('sends an image as bytes that no browser runs', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const { fetch } = await start({ 'attachments.get': () => ({ bytes, media_type: 'text/html' }) });
    const response = await fetch(`/api/images/${'a'.repeat(64)}`);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(response.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-disposition')).toBe('attachment');
  });

  it('answers HEAD like GET without a body', async () => {
    const { fetch } = await start({ 'projects.list': () => ({ items: [fixtureProject()] }) });
    const response = await fetch('/api/projects', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('what does not fit the schema', () => {
  it.each([
    ['an unknown field of the body', '/api/workspaces', json('POST', { name: 'w', path: '/w', admin: true }), /Unrecognized key.*admin/],
    ['an unknown field of the query', '/api/runs?colour=red', {}, /Unrecognized key.*colour/],
    ['a wrong type', '/api/workspaces', json('POST', { name: 1, path: '/w' }), /name: /],
    [
      'a body that contradicts the path',
      '/api/runs/abc/status',
      json('POST', { run: 'def', status: 'review' }),
      /run: the path says otherwise/,
    ],
    [
      'a query where the body counts',
      '/api/workspaces?name=w',
      json('POST', { name: 'w', path: '/w' }),
      /name: POST takes its fields in the body/,
    ],
    ['a body that is no object', '/api/workspaces', json('POST', [1]), /object/],
    [
      'a body that is no JSON',
      '/api/workspaces',
      { method: 'POST', body: '{"a', headers: { 'content-type': 'application/json' } },
      /not valid/,
    ],
    ['a body where none is read', '/api/projects/shop', json('DELETE', { project: 'other' }), /DELETE takes no body/],
    ['a NUL', '/api/runs?search=a%00b', {}, /search: it holds a NUL/],
  ])('%s is refused and named', async (_what, path, init, detail) => {
    const { fetch, calls } = await start();
    const response = await fetch(path, init);
    const problem = await fieldsOf(response);
    expect(response.status).toBe(400);
    expect(problem).toMatchObject({ code: 'bad_request', status: 400 });
    expect(problem.detail).toMatch(detail);
    expect(calls).toEqual([]);
  });

  it('lists the fields', async () => {
    const { fetch } = await start();
    const problem = await fieldsOf(await fetch('/api/workspaces', json('POST', { name: 1, path: 2 })));
    expect((problem.errors as { pointer: string }[]).map((each) => each.pointer)).toEqual(['/name', '/path']);
  });

  it('takes an empty body for an operation without fields', async () => {
    const { fetch, calls } = await start();
    expect((await fetch('/api/runs/abc/cancel', { method: 'POST' })).status).toBe(200);
    expect((await fetch('/api/runs/abc/cancel', { method: 'POST', headers: { 'content-type': 'application/json' } })).status).toBe(200);
    expect(calls).toHaveLength(2);
  });
});

describe('failures', () => {
  it('of the catalogue become problem documents', async () => {
    const { fetch } = await start({
      'runs.get': () => {
        throw new GluonError('run_not_found', { run: 'abc' });
      },
    });
    const response = await fetch('/api/runs/abc');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      type: '/api/docs#error-run_not_found',
      title: 'Run not found',
      status: 404,
      detail: 'There is no run "abc".',
      code: 'run_not_found',
      action: 'List the runs with "gluon runs --archived".',
      retryable: false,
      params: { run: 'abc' },
    });
  });

  it('that nobody foresaw are logged whole and told as an id', async () => {
    const { fetch, logged } = await start({
      'runs.get': () => {
        throw new Error('secret path /home/ann');
      },
    });
    const response = await fetch('/api/runs/abc');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret');
    const { instance, code } = JSON.parse(text);
    expect(code).toBe('internal');
    const fields = logged.find((line) => line.level === 'error')?.fields as { request: string; error: Error } | undefined;
    expect(`urn:gluon:request:${fields?.request}`).toBe(instance);
    expect(String(fields?.error)).toContain('secret path');
  });

  it('an output that breaks its schema is one of them, when outputs are checked', async () => {
    const { fetch } = await start({ 'system.version': () => ({ version: 7 }) }, { checkOutputs: true });
    expect((await fetch('/api/version')).status).toBe(500);
  });
});

describe('Idempotency-Key', () => {
  it('makes a mutation happen once, and says that it replays', async () => {
    const { fetch, calls } = await start({ 'runs.create': () => fixtureRun() });
    const request = (prompt: string) => fetch('/api/runs', json('POST', { project: 'shop', prompt }, { 'idempotency-key': 'k1' }));
    const [first, second] = [await request('do'), await request('do')];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    expect(await second.json()).toEqual(await first.json());
    expect(calls).toHaveLength(1);
    const other = await request('something else');
    expect([other.status, (await fieldsOf(other)).code]).toEqual([409, 'idempotency_conflict']);
  });

  it('of one person is another key than that of the next', async () => {
    const { url, calls } = await start({ 'runs.create': () => fixtureRun() });
    for (const token of [TOKEN, OPERATOR_TOKEN]) {
      const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'same' };
      await fetch(url('/api/runs'), json('POST', { project: 'shop', prompt: 'do' }, headers));
    }
    expect(calls).toHaveLength(2);
  });
});

describe('start and end', () => {
  it('listens on loopback only', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      await expect(startFixture({}, { host })).rejects.toMatchObject({ code: 'bind_refused' });
    }
  });

  it('says that the port is taken', async () => {
    const { port } = await start();
    await expect(startFixture({}, { port })).rejects.toMatchObject({ code: 'port_in_use', params: { port } });
  });

  it('lets work end, refuses new work, and cuts what takes too long', async () => {
    let finish = (): void => {};
    const { fetch, server, calls } = await start({
      'runs.get': () => new Promise((resolve) => (finish = () => resolve(fixtureRun()))),
      'runs.list': () => new Promise(() => {}),
    });
    const working = fetch('/api/runs/abc');
    const stuck = fetch('/api/runs').catch((error: Error) => error);
    while (calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = server.close(300);
    const refused = await server.inject({ url: '/api/health' });
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'shutting_down']);
    finish();
    expect((await working).status).toBe(200);
    await closed;
    expect(await stuck).toBeInstanceOf(Error);
    expect(server.address()).toBeNull();
  });
});

describe('the log of requests', () => {
  it('names the pattern of the route, never what was asked', async () => {
    const { fetch, logged } = await start();
    await fetch('/api/runs?search=hunter2');
    await fetch('/api/nowhere/hunter2?token=hunter2');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(logged.map((line) => (line.fields as { route?: string }).route)).toEqual(['/api/runs', '(none)']);
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });
});

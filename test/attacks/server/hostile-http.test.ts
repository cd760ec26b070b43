/** What no HTTP client sends: smuggled requests, dripped bytes, broken lines. */
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, TOKEN } from '../../support/http-server.ts';
import { rawRequest, sendRaw } from '../../support/raw-http.ts';

let fixture: Fixture;
let own: string[];
beforeAll(async () => {
  fixture = await startFixture({}, { limits: { headersTimeoutMs: 300, requestTimeoutMs: 600, timeoutCheckMs: 50 } });
  own = [`Host: 127.0.0.1:${fixture.port}`, `Authorization: Bearer ${TOKEN}`];
});
afterAll(() => fixture.close());
beforeEach(() => {
  fixture.calls.length = 0;
});

const names = (): string[] => fixture.calls.map((call) => call.name);

describe('smuggled requests', () => {
  const inner = (): string => rawRequest('POST /api/stop', [...own, 'Content-Length: 0']);

  it('a pipelined request is checked like the first', async () => {
    const first = rawRequest('GET /api/status', own);
    const withoutToken = rawRequest('POST /api/stop', [`Host: 127.0.0.1:${fixture.port}`, 'Content-Length: 0']);
    expect((await sendRaw(fixture.port, first + withoutToken)).statuses).toEqual([200, 401]);
    expect(names()).toEqual(['system.status']);
    fixture.calls.length = 0;
    expect((await sendRaw(fixture.port, first + inner())).statuses).toEqual([200, 202]);
    expect(names()).toEqual(['system.status', 'system.stop']);
  });

  it.each([
    ['a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked']],
    ['two lengths', ['Content-Length: 0', 'Content-Length: 5']],
    ['a list of lengths', ['Content-Length: 0, 5']],
    ['a length with a sign', ['Content-Length: +5']],
    ['a coding that is none', ['Transfer-Encoding: xchunked']],
    ['chunks not last', ['Transfer-Encoding: chunked, identity']],
    ['a space before the colon', ['Content-Length : 5']],
    ['a folded header', ['X-A: b\r\n folded: c', 'Transfer-Encoding: chunked', 'Content-Length: 3']],
    ['a bare line feed', ['X-A: b\nTransfer-Encoding: chunked']],
    ['a NUL in a header', ['X-A: b\0c']],
  ])('%s end the connection before a second request is seen', async (_what, headers) => {
    const outer = rawRequest('POST /api/workspaces', [...own, 'Content-Type: application/json', ...headers], '0\r\n\r\n');
    const { statuses, closed } = await sendRaw(fixture.port, outer + inner());
    expect(statuses).toEqual([400]);
    expect(closed).toBe(true);
    expect(names()).toEqual([]);
  });

  it('a GET with a body is refused, and its body is no request', async () => {
    const hidden = inner();
    const outer = rawRequest('GET /api/status', [...own, `Content-Length: ${hidden.length}`], hidden);
    expect((await sendRaw(fixture.port, outer)).statuses).toEqual([400]);
    expect(names()).toEqual([]);
  });

  it('the body of a refused request is no request', async () => {
    const hidden = inner();
    const outer = rawRequest('POST /api/workspaces', [`Host: 127.0.0.1:${fixture.port}`, `Content-Length: ${hidden.length}`], hidden);
    const { statuses, closed } = await sendRaw(fixture.port, outer);
    expect([statuses, closed]).toEqual([[401], true]);
    expect(names()).toEqual([]);
  });

  it('what follows an upgrade that was refused is no request', async () => {
    const upgrade = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const outer = rawRequest('GET /api/ws', [`Host: 127.0.0.1:${fixture.port}`, ...upgrade]);
    const { statuses, closed } = await sendRaw(fixture.port, outer + inner());
    expect([statuses, closed]).toEqual([[401], true]);
    expect(names()).toEqual([]);
    expect((await sendRaw(fixture.port, rawRequest('GET /api/ws', [...own, ...upgrade]))).statuses).toEqual([101]);
  });

  it('another protocol is not changed to', async () => {
    const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'];
    expect((await sendRaw(fixture.port, rawRequest('GET /api/runs', [...own, ...h2c]))).statuses).toEqual([400]);
    expect((await sendRaw(fixture.port, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).statuses).toEqual([400]);
    expect((await sendRaw(fixture.port, rawRequest('CONNECT evil.test:443', own))).statuses).toEqual([]);
    expect(names()).toEqual([]);
  });
});

describe('headers', () => {
  it('of an answer cannot be injected by what was asked', async () => {
    const target = `/api/runs/${encodeURIComponent('abc\r\nX-Injected: 1')}?search=${encodeURIComponent('a\r\nX-Injected: 1')}`;
    const { text, statuses } = await sendRaw(fixture.port, rawRequest(`GET ${target}`, [...own, 'Idempotency-Key: a\tb']));
    expect(statuses).toEqual([400]);
    expect(text.split('\r\n\r\n')[0]).not.toMatch(/x-injected/i);
  });

  it('above 16 KB are refused', async () => {
    expect((await sendRaw(fixture.port, rawRequest('GET /api/runs', [...own, `X-Long: ${'x'.repeat(20_000)}`]))).statuses).toEqual([431]);
    expect((await sendRaw(fixture.port, rawRequest('GET /api/runs', [...own, `X-Long: ${'x'.repeat(2_000)}`]))).statuses).toEqual([200]);
  });

  it('a broken request line is answered as a problem and ends the connection', async () => {
    // The first version of HTTP had no headers, so no Host either.
    expect((await sendRaw(fixture.port, 'GET /api/runs\r\n\r\n')).statuses).toEqual([421]);
    for (const bytes of ['GARBAGE\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00', 'GET /api/runs HTTP/9.9\r\n\r\n']) {
      const { statuses, closed, text } = await sendRaw(fixture.port, bytes);
      expect([statuses, closed]).toEqual([[400], true]);
      expect(text).toContain('application/problem+json');
    }
  });
});

describe('dripped bytes', () => {
  /** Time until the server ends a connection that gets `bytes` and then one byte per 40 ms. */
  function dripUntilClosed(bytes: string, drip: string): Promise<{ ms: number; text: string }> {
    return new Promise((resolve) => {
      const startMs = performance.now();
      const socket = connect(fixture.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      const timer = setInterval(() => socket.write(drip), 40);
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
      });
      socket.on('error', () => {}); // A reset is an end too.
      socket.on('close', () => {
        clearInterval(timer);
        resolve({ ms: performance.now() - startMs, text });
      });
    });
  }

  it('of a head end after the time for heads', async () => {
    const { ms, text } = await dripUntilClosed(`GET /api/runs HTTP/1.1\r\nHost: 127.0.0.1:${fixture.port}\r\nX-A: `, 'a');
    expect(ms).toBeLessThan(1_500);
    expect(text).toMatch(/^HTTP\/1\.1 408/);
  });

  it('of a body end after the time for requests', async () => {
    const head = rawRequest('POST /api/workspaces', [...own, 'Content-Type: application/json', 'Content-Length: 100000']);
    const { ms } = await dripUntilClosed(head, ' ');
    expect(ms).toBeLessThan(2_000);
    expect(names()).toEqual([]);
  });

  it('are borne as long as the limits say', async () => {
    const patient = await startFixture();
    const head = `GET /api/status HTTP/1.1\r\nHost: 127.0.0.1:${patient.port}\r\nAuthorization: Bearer ${TOKEN}\r\nX-A: `;
    const socket = connect(patient.port, '127.0.0.1', () => socket.write(head));
    const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString('latin1'))));
    for (let n = 0; n < 20; n++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      socket.write('a');
    }
    socket.write('\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 200/);
    socket.destroy();
    await patient.close();
  });

  it('do not keep others from being served', async () => {
    const drips = Array.from({ length: 50 }, () => dripUntilClosed('GET / HT', 'T'));
    expect((await fixture.fetch('/api/status')).status).toBe(200);
    await Promise.all(drips);
  });
});

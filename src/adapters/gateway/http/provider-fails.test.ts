import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { afterTest, answerJson, answerStream, ask, credentials, type Rig, rig, streamOf, until } from './gateway.fixture.ts';

const USED = { inputTokens: 500, outputTokens: 250, cacheReadTokens: 0, cacheWriteTokens: 0 };
const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe('when the provider fails', () => {
  it('its error comes back as it is, and costs nothing', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const at = await rig((_request, res) => answerJson(res, 529, error, { 'retry-after': '3', 'x-should-retry': 'true' }));
    const answer = await ask(at);
    expect(answer).toMatchObject({ status: 529, headers: { 'retry-after': '3', 'x-should-retry': 'true' } });
    expect(JSON.parse(answer.text)).toEqual(error);
    await until(() => at.meter.settled.length === 1);
    expect(at.meter.settled[0]).toMatchObject({ usage: NOTHING, status: 529 });
    await until(() => at.meter.held.length === 1);
    expect(at.meter.held[0]).toMatchObject({ status: 529, why: 'overloaded' });
  });

  it('not reachable: 502, and nothing is charged', async () => {
    const at = await rig(() => {}, { credentials: credentials('http://127.0.0.1:1') });
    expect(await ask(at)).toMatchObject({ status: 502, headers: { 'x-gluon-refusal': 'upstream_unreachable' } });
    expect(at.meter.settled).toMatchObject([{ usage: NOTHING, status: null }]);
  });

  it('cut within a stream: the agent sees the cut, and what may have been made unseen is charged, as far as it was allowed', async () => {
    const text = streamOf();
    const at = await rig((_request, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(text.slice(0, text.indexOf('event: content_block_stop')));
      setTimeout(() => res.destroy(), 20);
    });
    const answer = await ask(at);
    expect(answer.cut).toBe(true);
    await until(() => at.meter.settled.length === 1);
    expect(at.meter.settled[0]?.usage?.inputTokens).toBe(500);
    expect(at.meter.settled[0]?.usage?.outputTokens).toBeGreaterThan(1);
    expect(at.meter.settled[0]?.usage?.outputAtMost).toBe(1_000);
  });

  it('cut before it answered: not known what it used', async () => {
    const at = await rig((_request, res) => {
      res.destroy();
    });
    expect((await ask(at)).status).toBe(502);
    expect(at.meter.settled).toMatchObject([{ usage: null, status: null }]);
  });

  it('silent before it answers (network cut, fault 18): ends in time, is tried by nobody but the agent', async () => {
    const at = await rig(() => {}, { limits: { firstByteMs: 100 } });
    expect(await ask(at)).toMatchObject({ status: 504, headers: { 'x-gluon-refusal': 'upstream_timeout' } });
    expect(at.provider.requests).toHaveLength(1);
    expect(at.meter.settled).toMatchObject([{ usage: null }]);
  });

  it('silent within a stream: ends by the idle limit', async () => {
    const at = await rig(
      (_request, res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write(streamOf().slice(0, 400));
      },
      { limits: { idleMs: 100 } },
    );
    expect((await ask(at)).cut).toBe(true);
  });

  it('one byte now and then (fault 19): the idle limit does not end it, the total limit does', async () => {
    const at = await rig(
      (_request, res) => {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        const timer = setInterval(() => res.write(':'), 40);
        res.on('close', () => clearInterval(timer));
      },
      { limits: { idleMs: 150, totalMs: 600 } },
    );
    const from = performance.now();
    expect((await ask(at)).cut).toBe(true);
    expect(performance.now() - from).toBeGreaterThan(450);
  });

  describe('a connection that is kept for the next call', () => {
    /** Answers the first request on each connection; what happens to the second is the test's. */
    async function keeping(second: (socket: Socket) => void, closeIdle = false): Promise<{ at: Rig; requests: () => number }> {
      const sockets = new Set<Socket>();
      let requests = 0;
      const server = createServer((socket) => {
        sockets.add(socket);
        let onThis = 0;
        socket.on('error', () => {});
        socket.on('data', (chunk) => {
          if (!chunk.includes('POST ')) return;
          requests += 1;
          onThis += 1;
          if (onThis === 2) return second(socket);
          const body = streamOf();
          socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
          if (closeIdle) socket.end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      afterTest(() => {
        for (const socket of sockets) socket.destroy();
        return new Promise((resolve) => server.close(() => resolve()));
      });
      const place = server.address();
      const at = await rig(() => {}, { credentials: credentials(`http://127.0.0.1:${typeof place === 'object' ? place?.port : 0}`) });
      expect((await ask(at)).status).toBe(200);
      return { at, requests: () => requests };
    }

    it('and closed while idle is replaced by a new one', async () => {
      const { at, requests } = await keeping(() => {}, true);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await ask(at)).status).toBe(200);
      expect(requests()).toBe(2);
    });

    it('and reset when it had the whole request: not sent again, for it may be billed', async () => {
      const { at, requests } = await keeping((socket) => void socket.resetAndDestroy());
      expect(await ask(at)).toMatchObject({ status: 502, headers: { 'x-gluon-refusal': 'upstream_unreachable' } });
      expect(requests()).toBe(2);
      expect(at.meter.settled.at(-1)).toMatchObject({ usage: null, status: null });
    });

    it('and reset before it had the whole request: sent again on a new one', async () => {
      // More than the buffers of a connection hold, so that most of it is not written yet.
      const body = JSON.stringify({ model: 'claude-sonnet-5', max_tokens: 9, x: 'y'.repeat(40 * 1024 * 1024) });
      const { at, requests } = await keeping((socket) => void socket.resetAndDestroy());
      expect((await ask(at, { body })).status).toBe(200);
      expect(requests()).toBe(3);
      expect(at.meter.settled.at(-1)).toMatchObject({ usage: USED });
    });
  });

  it('compressed although asked not to: refused, for it could not be metered', async () => {
    const at = await rig((_request, res) => answerStream(res, 'xx', { 'content-encoding': 'gzip' }));
    expect(await ask(at)).toMatchObject({ status: 502, headers: { 'x-gluon-refusal': 'upstream_invalid' } });
    expect(at.meter.settled).toMatchObject([{ usage: null }]);
  });
});

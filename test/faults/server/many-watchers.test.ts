/** Fault 52: 500 watchers, some of which do not read. The others and the API do not feel them, and what waits for them is bounded. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIVE_LIMITS } from '../../../src/server/live/limits.ts';
import { type Fixture, startFixture, TOKEN } from '../../support/http-server.ts';
import { connectLiveClient, type LiveClient } from '../../support/live-client.ts';

const WATCHERS = 500;
const SLEEPERS = 10;
const BUSY_RUN = `run:${'a'.repeat(32)}`;

let fixture: Fixture;
let app: FastifyInstance;
const clients: LiveClient[] = [];
beforeAll(async () => {
  fixture = await startFixture(
    { 'system.health': () => ({ status: 'ok' }) },
    {
      mount: (instance) => {
        app = instance;
      },
    },
  );
  for (let n = 0; n < WATCHERS; n++) {
    const client = await connectLiveClient(fixture.port, TOKEN);
    client.send({ type: 'subscribe', topics: n < SLEEPERS ? ['board', BUSY_RUN] : ['board'] });
    clients.push(client);
  }
  await Promise.all(clients.map((client) => client.until((messages) => messages.length > 0)));
});
afterAll(async () => {
  for (const client of clients) client.socket.terminate();
  await fixture.close();
});

/** Bytes that wait in the sockets of the server, beyond what the system took. */
function waitingBytes(): number {
  return [...app.websocketServer.clients].reduce((sum, socket) => sum + socket.bufferedAmount, 0);
}

describe('500 watchers, 10 of which do not read', () => {
  it('are served; the API answers within 500 ms; the sleepers cost a bounded amount and catch up by resync', async () => {
    const sleepers = clients.slice(0, SLEEPERS);
    const awake = clients.slice(SLEEPERS);
    for (const client of sleepers) client.socket.pause();
    const text = 'x'.repeat(50_000);
    let slowestMs = 0;
    let mostWaiting = 0;
    // 20 MB per sleeper: more than the system takes for one connection.
    for (let n = 0; n < 400; n++) {
      fixture.bus.publish({ topic: BUSY_RUN, type: 'message', data: text });
      if (n % 20 === 0) {
        fixture.bus.publish({ topic: 'board', type: 'run_updated', data: n });
        const startMs = performance.now();
        expect((await fixture.fetch('/api/health')).status).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - startMs);
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
      mostWaiting = Math.max(mostWaiting, waitingBytes());
    }
    expect(slowestMs).toBeLessThan(500);
    // The sleepers did fill their sockets, else this proves nothing.
    expect(mostWaiting).toBeGreaterThan(SLEEPERS * LIVE_LIMITS.socketBytes);
    expect(mostWaiting).toBeLessThan(2 * SLEEPERS * (LIVE_LIMITS.socketBytes + LIVE_LIMITS.outboxBytes));
    for (const client of awake) {
      await client.until((messages) => messages.length === 21);
      expect(client.messages.some((each) => each.type === 'resync')).toBe(false);
    }
    for (const client of sleepers) client.socket.resume();
    for (const client of sleepers) await client.until((messages) => messages.some((each) => each.type === 'resync'));
  });
});

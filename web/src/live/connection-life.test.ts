import { describe, expect, it } from 'vitest';
import { FakeWorld, listening, message, running, subscribed } from './connection.fixture.ts';
import { LiveConnection } from './connection.ts';

describe('a connection', () => {
  /** Milliseconds until the next attempt. */
  function untilNext(world: FakeWorld): number {
    const before = world.sockets.length;
    let waited = 0;
    while (world.sockets.length === before && waited < 60_000) {
      world.pass(100);
      waited += 100;
    }
    return waited;
  }

  it('is tried again at growing distances, up to a bound, and each refusal is told', () => {
    const world = new FakeWorld();
    const live = new LiveConnection(world);
    live.start();
    const waits: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      world.socket.breaks();
      waits.push(untilNext(world));
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
    expect(world.refusals).toBe(8);
  });

  it('that was thrown out at once waits longer each time; one that held begins anew', () => {
    const { world } = running();
    const waits = [0, 0, 6_000].map((held) => {
      world.pass(held);
      world.socket.breaks();
      const waited = untilNext(world);
      world.socket.onopen?.();
      return waited;
    });
    expect(waits).toEqual([400, 800, 400]);
    expect(world.refusals).toBe(0);
  });

  it('does not wait when the network is back', () => {
    const { world, live } = running();
    world.socket.breaks();
    live.tryNow();
    expect(world.sockets).toHaveLength(2);
    world.pass(20_000);
    expect(world.sockets).toHaveLength(2);
  });

  it('keeps since when it is offline over all tries', () => {
    const { world, live } = running();
    world.socket.breaks();
    const since = live.status().offlineSinceMs;
    world.pass(400);
    world.socket.breaks();
    expect(live.status().offlineSinceMs).toBe(since);
  });

  it('that says nothing, in spite of pings, is given up', () => {
    const { world, live } = running();
    world.pass(44_000);
    expect(world.socket.sent.filter(({ type }) => type === 'ping')).toHaveLength(2);
    world.pass(1_100);
    expect(live.status().state).toBe('offline');
    expect(world.sockets[0]?.closed).toBe(true);
  });

  it('that answers pings is kept', () => {
    const { world, live } = running();
    for (let at = 0; at < 20; at += 1) {
      world.pass(15_000);
      world.socket.says({ type: 'pong' });
    }
    expect([live.status().state, world.sockets.length]).toEqual(['live', 1]);
  });

  it('is checked at once when the page is seen again', () => {
    const { world, live } = running();
    live.tryNow();
    expect(world.socket.sent.at(-1)).toEqual({ type: 'ping' });
    world.pass(1);
    world.socket.says({ type: 'pong' });
    world.pass(6_000);
    expect(live.status().state).toBe('live');
    live.tryNow();
    world.pass(6_000);
    expect(live.status().state).toBe('offline');
  });

  it('stopped for good opens no other', () => {
    const { world, live } = running();
    live.stop();
    live.tryNow();
    world.socket.breaks();
    world.pass(60_000);
    expect([live.status().state, world.sockets.length]).toEqual(['stopped', 1]);
  });
});

describe('what should not be', () => {
  it('a listener that breaks takes nothing from the others, and reads what it has missed', () => {
    const { world, live, board } = running();
    let resyncs = 0;
    live.watch('board', {
      message: () => {
        throw new Error('broken');
      },
      resync: () => {
        resyncs += 1;
      },
    });
    world.socket.says(message(11), message(12));
    expect([board.heard, resyncs, world.reported.length]).toEqual([[11, 12], 2, 2]);
  });

  it('a frame that is no JSON ends the connection, and the next one catches up', () => {
    const { world, board } = running();
    world.socket.onmessage?.({ data: '[{"topic":' });
    expect(world.reported).toHaveLength(1);
    world.pass(10_000);
    world.socket.onopen?.();
    world.socket.says(subscribed(10), message(11));
    expect(board.heard).toEqual([11]);
  });

  it("the server's refusal is told", () => {
    const { world } = running();
    world.socket.says({ type: 'error', code: 'too_large', detail: 'One connection watches at most 500 topics.' });
    expect(String(world.reported[0])).toContain('at most 500');
  });

  it('two hundred topics in turn leave nothing behind', () => {
    const { world, live, board } = running();
    for (let at = 0; at < 200; at += 1) {
      const name = `run:${at}`;
      const run = listening();
      const leave = live.watch(name, run);
      world.socket.says(subscribed(at, name), message(at + 1, name));
      expect(run.heard).toEqual([at + 1]);
      leave();
    }
    expect(board.heard).toEqual([]);
    world.socket.breaks();
    world.pass(10_000);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual([{ type: 'subscribe', topics: ['board'], after: { board: 10 } }]);
  });
});

import { describe, expect, it } from 'vitest';
import { LiveConnection, type LiveListener, type LiveWorld, type SocketLike } from './connection.ts';

class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: { type: string; topics?: string[]; after?: Record<string, number> }[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  /** One frame of the server. */
  says(...messages: object[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) });
  }
  breaks(): void {
    this.onclose?.({ code: 1006 });
  }
}

class FakeWorld implements LiveWorld {
  readonly sockets: FakeSocket[] = [];
  readonly reported: unknown[] = [];
  refusals = 0;
  #nowMs = 1_000_000;
  #timers: { at: number; then: () => void }[] = [];

  open(): SocketLike {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  random(): number {
    return 1;
  }
  after(ms: number, then: () => void): () => void {
    const timer = { at: this.#nowMs + ms, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }
  refused(): void {
    this.refusals += 1;
  }
  report(error: unknown): void {
    this.reported.push(error);
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('no connection was opened');
    return last;
  }
  pass(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#nowMs = next.at;
      next.then();
    }
    this.#nowMs = end;
  }
}

function listening(): LiveListener & { heard: unknown[]; resyncs: number } {
  const listener = {
    heard: [] as unknown[],
    resyncs: 0,
    message(_type: string, data: unknown) {
      listener.heard.push(data);
    },
    resync() {
      listener.resyncs += 1;
    },
  };
  return listener;
}

const message = (seq: number, topic = 'board') => ({ topic, seq, type: 'run_updated', data: seq });
const subscribed = (seq: number, topic = 'board') => ({ topic, seq, type: 'subscribed' });
const resync = (seq: number, topic = 'board') => ({ topic, seq, type: 'resync' });

/** A connection that is open, with one listener of the board that was told to read. */
function running() {
  const world = new FakeWorld();
  const live = new LiveConnection(world);
  const board = listening();
  live.start();
  const leave = live.watch('board', board);
  world.socket.onopen?.();
  world.socket.says(subscribed(10));
  return { world, live, board, leave };
}

describe('a topic', () => {
  it('is subscribed by its first listener, read once, and followed', () => {
    const { world, board } = running();
    expect(world.socket.sent).toEqual([{ type: 'subscribe', topics: ['board'], after: {} }]);
    world.socket.says(message(11), message(12));
    expect([board.resyncs, board.heard]).toEqual([1, [11, 12]]);
  });

  it('is unsubscribed when its last listener goes, and not before', () => {
    const { world, live, board, leave } = running();
    const other = listening();
    const leaveToo = live.watch('board', other);
    leave();
    world.socket.says(message(11));
    expect([board.heard, other.heard]).toEqual([[], [11]]);
    expect(world.socket.sent.map(({ type }) => type)).toEqual(['subscribe']);
    leaveToo();
    expect(world.socket.sent.map(({ type }) => type)).toEqual(['subscribe', 'unsubscribe']);
    world.socket.says(message(12));
    expect(other.heard).toEqual([11]);
  });

  it('tells a listener that joins later to read, and only that one', async () => {
    const { live, board } = running();
    const later = listening();
    live.watch('board', later);
    await Promise.resolve();
    expect([board.resyncs, later.resyncs]).toEqual([1, 1]);
  });

  it('left and watched again at once takes nothing that belongs to the earlier subscription', () => {
    const { world, live, leave } = running();
    leave();
    const again = listening();
    live.watch('board', again);
    // On its way when the topic was left.
    world.socket.says(message(11));
    expect([again.heard, again.resyncs]).toEqual([[], 0]);
    world.socket.says(subscribed(14), message(15));
    expect([again.heard, again.resyncs]).toEqual([[15], 1]);
  });

  it('watched twice in a row reads again when the second answer shows a gap', () => {
    const world = new FakeWorld();
    const live = new LiveConnection(world);
    live.start();
    world.socket.onopen?.();
    live.watch('board', listening())();
    const again = listening();
    live.watch('board', again);
    world.socket.says(subscribed(10), subscribed(13));
    expect(again.resyncs).toBe(2);
  });

  it('keeps topics apart', () => {
    const { world, live, board } = running();
    const run = listening();
    live.watch('run:a', run);
    world.socket.says(subscribed(5, 'run:a'), message(6, 'run:a'), message(11), message(7, 'run:b'));
    expect([board.heard, run.heard]).toEqual([[11], [6]]);
  });
});

describe('after a gap', () => {
  it('names the last number, takes what was missed, and nothing twice', () => {
    const { world, live, board } = running();
    world.socket.says(message(11));
    world.socket.breaks();
    expect(live.status().state).toBe('offline');
    world.pass(10_000);
    world.socket.onopen?.();
    expect(world.socket.sent).toEqual([{ type: 'subscribe', topics: ['board'], after: { board: 11 } }]);
    expect(live.status().state).toBe('catching_up');
    world.socket.says(subscribed(11), message(11), message(12), message(13));
    expect([board.heard, board.resyncs]).toEqual([[11, 12, 13], 1]);
    expect(live.status()).toEqual({ state: 'live', offlineSinceMs: null, caughtUp: 0 });
  });

  it('reads anew when the server does not know what was missed', () => {
    const { world, board } = running();
    world.socket.breaks();
    world.pass(10_000);
    world.socket.onopen?.();
    world.socket.says(resync(900), message(901));
    expect([board.heard, board.resyncs]).toEqual([[901], 2]);
  });

  it('is a later life of the server, whose numbers are lower: they count all the same', () => {
    const { world, board } = running();
    world.socket.breaks();
    world.pass(10_000);
    world.socket.onopen?.();
    world.socket.says(resync(3), message(4));
    expect(board.heard).toEqual([4]);
  });

  it('counts what it catches up with while topics are not answered yet', () => {
    const { world, live } = running();
    live.watch('run:a', listening());
    world.socket.says(subscribed(5, 'run:a'));
    world.socket.breaks();
    world.pass(10_000);
    world.socket.onopen?.();
    world.socket.says(subscribed(10), message(11), message(12));
    expect(live.status()).toMatchObject({ state: 'catching_up', caughtUp: 2 });
    world.socket.says(subscribed(5, 'run:a'));
    expect(live.status().state).toBe('live');
  });

  it('tells whoever joined meanwhile to read when it is over', async () => {
    const { world, live, board } = running();
    world.socket.breaks();
    const meanwhile = listening();
    live.watch('board', meanwhile);
    await Promise.resolve();
    world.pass(10_000);
    world.socket.onopen?.();
    const before = meanwhile.resyncs;
    world.socket.says(subscribed(10));
    expect([board.resyncs, meanwhile.resyncs - before]).toEqual([1, 1]);
  });

  it('is no gap when the page itself stopped and started', () => {
    const { world, live, board } = running();
    live.stop();
    expect(world.socket.closed).toBe(true);
    live.start();
    world.socket.onopen?.();
    world.socket.says(subscribed(10), message(11));
    expect([live.status().state, board.heard, board.resyncs]).toEqual(['live', [11], 1]);
  });

  it('takes nothing from the socket that was given up', () => {
    const { world, board } = running();
    const old = world.socket;
    old.breaks();
    old.says(message(11));
    old.breaks();
    expect(board.heard).toEqual([]);
    world.pass(10_000);
    expect(world.sockets).toHaveLength(2);
  });
});

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

import { describe, expect, it } from 'vitest';
import { FakeWorld, listening, message, resync, running, subscribed } from './connection.fixture.ts';
import { LiveConnection } from './connection.ts';

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

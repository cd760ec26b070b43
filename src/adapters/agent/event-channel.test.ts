import { describe, expect, it } from 'vitest';
import { eventChannel } from './event-channel.ts';

const settled = async (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

describe('a channel of events', () => {
  it('gives everything in order, also what came before anybody read', async () => {
    const channel = eventChannel<number>();
    channel.push(1);
    channel.push(2);
    queueMicrotask(() => {
      channel.push(3);
      channel.end();
      channel.push(4);
    });
    const seen: number[] = [];
    for await (const item of channel) seen.push(item);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('holds the producer while the consumer is behind', async () => {
    const channel = eventChannel<number>(2);
    channel.push(1);
    expect(await settled(channel.ready())).toBe(true);
    channel.push(2);
    const ready = channel.ready();
    expect(await settled(ready)).toBe(false);
    const reader = channel[Symbol.asyncIterator]();
    await reader.next();
    expect(await settled(ready)).toBe(true);
  });

  it.each(['end', 'release'] as const)('lets the producer go on %s', async (how) => {
    const channel = eventChannel<number>(1);
    channel.push(1);
    const ready = channel.ready();
    channel[how]();
    expect(await settled(ready)).toBe(true);
    expect(await settled(channel.ready())).toBe(true);
  });

  it('lets the producer go when the consumer leaves early', async () => {
    const channel = eventChannel<number>(1);
    channel.push(1);
    const ready = channel.ready();
    for await (const _ of channel) break;
    expect(await settled(ready)).toBe(true);
  });
});

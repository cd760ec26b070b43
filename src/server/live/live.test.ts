import { afterEach, describe, expect, it } from 'vitest';
import { RUN_ID } from '../../../test/support/fixture-resources.ts';
import { type Fixture, startFixture, TOKEN } from '../../../test/support/http-server.ts';
import { connectLiveClient, type LiveClient, upgradeStatus } from '../../../test/support/live-client.ts';
import type { ServerMessage } from '../../contract/live.ts';
import type { LiveLimits } from './limits.ts';

const open: Fixture[] = [];
async function start(liveLimits: Partial<LiveLimits> = {}): Promise<Fixture> {
  const fixture = await startFixture({}, { liveLimits });
  open.push(fixture);
  return fixture;
}
afterEach(async () => {
  for (const fixture of open.splice(0)) await fixture.close();
});

const topic = `run:${RUN_ID}`;
type TopicMessage = Extract<ServerMessage, { topic: string }>;
const ofTopic = (messages: readonly ServerMessage[]): TopicMessage[] => messages.filter((each) => 'topic' in each);
const dataOf = (messages: readonly ServerMessage[]): unknown[] => ofTopic(messages).flatMap((each) => ('data' in each ? [each.data] : []));
const has = (type: string) => (messages: readonly ServerMessage[]) => messages.some((each) => each.type === type);

async function subscribed(fixture: Fixture, after?: number): Promise<LiveClient> {
  const client = await connectLiveClient(fixture.port, TOKEN);
  client.send({ type: 'subscribe', topics: [topic], ...(after === undefined ? {} : { after: { [topic]: after } }) });
  await client.until((messages) => messages.length > 0);
  return client;
}

describe('a live connection', () => {
  it('is opened with the token as a header, or as a subprotocol that is not sent back', async () => {
    const { port } = await start();
    expect(await upgradeStatus(port, { headers: { authorization: `Bearer ${TOKEN}` } })).toBe(101);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, ['gluon.v1', `gluon.token.${TOKEN}`]);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    expect(socket.protocol).toBe('gluon.v1');
    socket.close();
  });

  it('gets the messages of its topics, numbered without gaps, after `subscribed`', async () => {
    const fixture = await start();
    const client = await subscribed(fixture);
    fixture.bus.publish({ topic: 'board', type: 'activity', data: 'not mine' });
    for (let n = 0; n < 3; n++) fixture.bus.publish({ topic, type: 'message', data: { n } });
    await client.until((messages) => messages.length === 4);
    const [first, ...rest] = ofTopic(client.messages);
    expect(first?.type).toBe('subscribed');
    expect(rest.map((each) => each.seq - (first?.seq ?? 0))).toEqual([1, 2, 3]);
    expect(dataOf(client.messages)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it('puts what comes together into one frame', async () => {
    const fixture = await start();
    const client = await subscribed(fixture);
    for (let n = 0; n < 100; n++) fixture.bus.publish({ topic, type: 'message', data: n });
    await client.until((messages) => messages.length === 101);
    expect(client.frames.length).toBeLessThan(6);
  });

  it('gets what it missed when it comes back', async () => {
    const fixture = await start();
    const first = await subscribed(fixture);
    fixture.bus.publish({ topic, type: 'message', data: 'seen' });
    await first.until((messages) => messages.length === 2);
    const last = ofTopic(first.messages).at(-1)?.seq ?? 0;
    await first.close();
    fixture.bus.publish({ topic, type: 'message', data: 'missed' });
    fixture.bus.publish({ topic, type: 'message_delta', data: 'not worth repeating' });
    const second = await subscribed(fixture, last);
    fixture.bus.publish({ topic, type: 'message', data: 'new' });
    await second.until((messages) => messages.length === 3);
    expect(ofTopic(second.messages)[0]).toEqual({ topic, seq: last, type: 'subscribed' });
    expect(dataOf(second.messages)).toEqual(['missed', 'new']);
  });

  it('is told to read again when more was missed than is kept', async () => {
    const fixture = await start({ ringMessages: 2 });
    const first = await subscribed(fixture);
    const start_ = ofTopic(first.messages)[0]?.seq ?? 0;
    await first.close();
    for (let n = 0; n < 3; n++) fixture.bus.publish({ topic, type: 'message', data: n });
    const second = await subscribed(fixture, start_);
    expect(second.messages[0]).toEqual({ topic, seq: start_ + 3, type: 'resync' });
  });

  it('is told to read again after a restart, whatever number it names', async () => {
    const before = await start();
    const old = await subscribed(before);
    for (let n = 0; n < 5; n++) before.bus.publish({ topic, type: 'message', data: n });
    await old.until((messages) => messages.length === 6);
    const numbers = ofTopic(old.messages).map((each) => each.seq);
    await old.close();
    const after = await start();
    const keeper = await subscribed(after);
    for (let n = 0; n < 5; n++) after.bus.publish({ topic, type: 'message', data: n });
    for (const number of numbers) expect((await subscribed(after, number)).messages[0]?.type).toBe('resync');
    await keeper.close();
  });

  it('is told to read again when its topic was forgotten meanwhile', async () => {
    const fixture = await start({ ringIdleMs: 0, heartbeatMs: 20 });
    const first = await subscribed(fixture);
    const number = ofTopic(first.messages)[0]?.seq ?? 0;
    await first.close();
    await new Promise((resolve) => setTimeout(resolve, 80));
    fixture.bus.publish({ topic, type: 'message', data: 'to nobody' });
    expect((await subscribed(fixture, number)).messages[0]?.type).toBe('resync');
  });

  it('finds only the youngest of the topics that nobody watched meanwhile', async () => {
    const fixture = await start({ idleRings: 1 });
    const topics = ['board', 'capacity'];
    const first = await connectLiveClient(fixture.port, TOKEN);
    first.send({ type: 'subscribe', topics });
    await first.until((messages) => messages.length === 2);
    const after = Object.fromEntries(ofTopic(first.messages).map((each) => [each.topic, each.seq]));
    for (const each of topics) first.send({ type: 'unsubscribe', topics: [each] });
    await first.close();
    const second = await connectLiveClient(fixture.port, TOKEN);
    second.send({ type: 'subscribe', topics, after });
    await second.until((messages) => messages.length === 2);
    expect(second.messages.map((each) => each.type)).toEqual(['resync', 'subscribed']);
  });

  it('hears nothing more of a topic it left', async () => {
    const fixture = await start();
    const client = await subscribed(fixture);
    client.send({ type: 'unsubscribe', topics: [topic] });
    client.send({ type: 'ping' });
    await client.until(has('pong'));
    fixture.bus.publish({ topic, type: 'message', data: 1 });
    client.send({ type: 'ping' });
    await client.until((messages) => messages.filter((each) => each.type === 'pong').length === 2);
    expect(dataOf(client.messages)).toEqual([]);
  });

  it('that reads slowly is cut to resync, then goes on; the server keeps a bounded amount for it', async () => {
    const fixture = await start({ outboxBytes: 50_000, socketBytes: 20_000 });
    const client = await subscribed(fixture);
    const quick = await subscribed(fixture);
    client.socket.pause();
    const data = 'x'.repeat(10_000);
    // Far more than the buffers of the kernel take for one socket.
    for (let n = 0; n < 2_000; n++) {
      fixture.bus.publish({ topic, type: 'message', data });
      if (n % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    client.socket.resume();
    await client.until(has('resync'));
    const numbers = ofTopic(client.messages).map((each) => each.seq);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(dataOf(client.messages).length).toBeLessThan(2_000);
    await quick.until((messages) => dataOf(messages).length === 2_000);
    // What is published while the resync itself still waits is covered by it.
    await new Promise((resolve) => setTimeout(resolve, 100));
    fixture.bus.publish({ topic, type: 'message', data: 'and on' });
    await client.until((messages) => dataOf(messages).at(-1) === 'and on');
    await quick.until((messages) => dataOf(messages).at(-1) === 'and on');
  });

  it('that does not answer pings is gone', async () => {
    const fixture = await start({ heartbeatMs: 40 });
    const client = await connectLiveClient(fixture.port, TOKEN);
    client.socket.pause();
    while (fixture.server.liveClients() > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const other = await connectLiveClient(fixture.port, TOKEN);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(fixture.server.liveClients()).toBe(1);
    await other.close();
    client.socket.terminate();
  });

  it('is told of an invalid message, and closed after several', async () => {
    const fixture = await start();
    const client = await connectLiveClient(fixture.port, TOKEN);
    client.send('{"type":"subscribe","topics":["run:../../etc"]}');
    await client.until(has('error'));
    for (const bad of ['', '[]', '{"type":"ping","extra":1}', '"ping"', '[[[[']) client.send(bad);
    expect(await client.closed).toBe(1008);
  });

  it('may watch so many topics and send so many messages', async () => {
    const fixture = await start({ topicsPerClient: 2, messagesPerSecond: 20 });
    const client = await connectLiveClient(fixture.port, TOKEN);
    client.send({ type: 'subscribe', topics: ['board', 'capacity', 'notifications'] });
    await client.until(has('error'));
    expect(client.messages.filter((each) => each.type === 'subscribed')).toHaveLength(2);
    for (let n = 0; n < 25; n++) client.send({ type: 'ping' });
    expect(await client.closed).toBe(1008);
  });

  it('is one of a bounded number', async () => {
    const fixture = await start({ clients: 2 });
    await subscribed(fixture);
    await subscribed(fixture);
    expect(await upgradeStatus(fixture.port, { headers: { authorization: `Bearer ${TOKEN}` } })).toBe(429);
  });

  it('is closed with 1001 when the server stops', async () => {
    const fixture = await start();
    const client = await subscribed(fixture);
    await Promise.all([client.closed.then((code) => expect(code).toBe(1001)), fixture.close()]);
    open.length = 0;
  });

  it('does not break the publisher when a message cannot be written', async () => {
    const fixture = await start();
    const client = await subscribed(fixture);
    fixture.bus.publish({ topic, type: 'message', data: 1n });
    fixture.bus.publish({ topic, type: 'message', data: 'fine' });
    await client.until((messages) => dataOf(messages).length === 1);
    expect(fixture.logged.some((line) => line.level === 'error')).toBe(true);
  });
});

/** The live connection: subscribes, reconnects, and says when the listener must read again because something may have been missed. */
import { GluonError } from '../../contract/errors.ts';
import type { ClientMessage, LiveType, ServerMessage } from '../../contract/live.ts';
import type { Clock } from '../../ports/system.ts';
import type { Client } from '../client.ts';

export interface LiveMessage {
  readonly topic: string;
  readonly type: LiveType;
  readonly data: unknown;
}

export interface LiveListener {
  onMessage(message: LiveMessage): void;
  /** Now subscribed, again subscribed, or too much was missed: read the resource; later messages follow by themselves. */
  onSync(topic: string): void;
  /** The connection is gone for good. */
  onFailure(error: Error): void;
}

/** Delays between tries: quick for a restart of the server, never busy. */
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
/** A server that does not come back within this is gone. */
const GIVE_UP_AFTER_MS = 120_000;
/** What an HTTP refusal of the upgrade looks like is hidden by the platform: so many quick failures in a row against a live server are one. */
const MAX_REFUSALS = 5;

/** Connects at once. The returned function closes for good. */
export function connectLive(client: Client, clock: Clock, topics: readonly string[], listener: LiveListener): () => void {
  const lastSeq = new Map<string, number>();
  let socket: WebSocket | null = null;
  let closed = false;
  let cancelRetry = (): void => {};

  const receive = (message: ServerMessage): void => {
    if (message.type === 'pong') return;
    if (message.type === 'error') {
      listener.onFailure(new GluonError('bad_request', { why: `${message.code}: ${message.detail}` }));
      return;
    }
    lastSeq.set(message.topic, message.seq);
    if (isMarker(message)) listener.onSync(message.topic);
    else listener.onMessage(message);
  };

  const retry = new Retry(clock);
  const connect = async (): Promise<void> => {
    const place = await client.placeNow();
    if (closed) return;
    if (place === null) return later(new GluonError('server_unreachable', { address: 'its old address' }));
    const opened = new WebSocket(`ws://127.0.0.1:${place.port}/api/ws`, ['gluon.v1', `gluon.token.${place.token}`]);
    socket = opened;
    opened.addEventListener('open', () => {
      retry.succeeded();
      const subscribe: ClientMessage = { type: 'subscribe', topics: [...topics], after: Object.fromEntries(lastSeq) };
      opened.send(JSON.stringify(subscribe));
    });
    opened.addEventListener('message', (event) => {
      for (const message of parseFrame(event.data)) if (!closed) receive(message);
    });
    opened.addEventListener('close', () => later(new GluonError('server_unreachable', { address: `${place.address}/api/ws` })));
    // "close" always follows and decides.
    opened.addEventListener('error', () => {});
  };
  const later = (cause: Error): void => {
    if (closed) return;
    const delayMs = retry.nextDelayMs();
    if (delayMs === null) listener.onFailure(cause);
    else cancelRetry = clock.after(delayMs, () => void connect().catch(listener.onFailure));
  };
  void connect().catch(listener.onFailure);
  return () => {
    closed = true;
    cancelRetry();
    socket?.close();
  };
}

type TopicMessage = Extract<ServerMessage, { topic: string }>;

function isMarker(message: TopicMessage): message is Extract<TopicMessage, { type: 'subscribed' | 'resync' }> {
  return message.type === 'subscribed' || message.type === 'resync';
}

class Retry {
  readonly #clock: Clock;
  #delayMs = FIRST_DELAY_MS;
  #failures = 0;
  #everOpened = false;
  #downSinceMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  succeeded(): void {
    this.#delayMs = FIRST_DELAY_MS;
    this.#failures = 0;
    this.#everOpened = true;
    this.#downSinceMs = null;
  }

  /** Null: give up. */
  nextDelayMs(): number | null {
    const nowMs = this.#clock.monotonicMs();
    this.#downSinceMs ??= nowMs;
    this.#failures += 1;
    if (!this.#everOpened && this.#failures > MAX_REFUSALS) return null;
    if (nowMs - this.#downSinceMs > GIVE_UP_AFTER_MS) return null;
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
    return delayMs;
  }
}

/** A frame is an array of messages; a single message is taken too. What is neither is skipped: the catch-up by number heals it. */
function parseFrame(data: unknown): ServerMessage[] {
  if (typeof data !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(data);
    const list = Array.isArray(parsed) ? parsed : [parsed];
    return list.filter((each): each is ServerMessage => typeof each === 'object' && each !== null && typeof each.type === 'string');
  } catch {
    return [];
  }
}

/** One WebSocket client: what it watches, what waits for it, and how long its silence is borne. */
import { type ClientMessage, ClientMessageSchema } from '../../contract/live.ts';
import type { LiveHub } from './hub.ts';
import { Outbox } from './outbox.ts';

/** What is needed of a `ws` socket. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export class LiveConnection {
  readonly #socket: LiveSocket;
  readonly #hub: LiveHub;
  readonly #outbox: Outbox;
  readonly #topics = new Set<string>();
  #cancelFlush: (() => void) | null = null;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  #blockedSinceMs: number | null = null;
  #alive = true;
  #gone = false;
  #invalid = 0;
  #windowStartMs = 0;
  #inWindow = 0;

  constructor(socket: LiveSocket, hub: LiveHub) {
    this.#socket = socket;
    this.#hub = hub;
    this.#outbox = new Outbox(hub.limits);
    hub.add(this);
  }

  /** A text frame of the client; null stands for a binary one. */
  receive(frame: string | null): void {
    if (this.#gone) return;
    this.#alive = true;
    if (this.#tooMany()) {
      this.close(1008, 'too many messages');
      return;
    }
    const message = frame === null ? null : parseMessage(frame);
    if (message === null) {
      this.#refuse('bad_request', 'That is no message of this protocol.');
      return;
    }
    if (message.type === 'ping') {
      this.#say(null, { type: 'pong' });
      return;
    }
    if (message.type === 'unsubscribe') {
      for (const topic of message.topics) this.#unsubscribe(topic);
      return;
    }
    for (const topic of message.topics) {
      if (!this.#topics.has(topic) && this.#topics.size >= this.#hub.limits.topicsPerClient) {
        this.#refuse('too_large', `One connection watches at most ${this.#hub.limits.topicsPerClient} topics.`);
        return;
      }
      this.#subscribe(topic, message.after?.[topic]);
    }
  }

  pong(): void {
    this.#alive = true;
  }

  /** A message of a topic that this client watches. */
  deliver(topic: string, text: string): void {
    this.#outbox.add(topic, text);
    this.#flushSoon();
  }

  heartbeat(): void {
    if (!this.#alive) {
      this.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }

  /** The socket is closed: forget everything. */
  closed(): void {
    this.#gone = true;
    this.#cancelFlush?.();
    this.#hub.remove(this, this.#topics);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    this.closed();
  }

  terminate(): void {
    this.#socket.terminate();
    this.closed();
  }

  #subscribe(topic: string, after: number | undefined): void {
    this.#topics.add(topic);
    const { seq, missed } = this.#hub.watch(this, topic, after);
    this.#say(topic, { topic, seq, type: missed === null ? 'resync' : 'subscribed' });
    for (const text of missed ?? []) this.deliver(topic, text);
  }

  #unsubscribe(topic: string): void {
    this.#topics.delete(topic);
    this.#outbox.forget(topic);
    this.#hub.unwatch(this, topic);
  }

  #say(topic: string | null, message: object): void {
    this.#outbox.add(topic, JSON.stringify(message));
    this.#flushSoon();
  }

  #refuse(code: string, detail: string): void {
    this.#invalid += 1;
    if (this.#invalid > this.#hub.limits.invalidMessages) {
      this.close(1008, 'too many invalid messages');
      return;
    }
    this.#say(null, { type: 'error', code, detail });
  }

  #tooMany(): boolean {
    const now = this.#hub.clock.monotonicMs();
    if (now - this.#windowStartMs >= 1_000) {
      this.#windowStartMs = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow > this.#hub.limits.messagesPerSecond;
  }

  /** At once after a pause or when much waits, else at the end of the batch. */
  #flushSoon(): void {
    if (this.#gone) return;
    if (this.#outbox.filling && this.#blockedSinceMs === null) {
      this.#cancelFlush?.();
      this.#flush();
      return;
    }
    if (this.#cancelFlush !== null) return;
    const waitMs = this.#flushedAtMs + this.#hub.limits.batchMs - this.#hub.clock.monotonicMs();
    this.#flushAfter(Math.max(0, waitMs));
  }

  #flushAfter(delayMs: number): void {
    this.#cancelFlush = this.#hub.clock.after(delayMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = null;
    const { limits, clock } = this.#hub;
    const now = clock.monotonicMs();
    if (this.#socket.bufferedAmount > limits.socketBytes) {
      this.#blockedSinceMs ??= now;
      if (now - this.#blockedSinceMs > limits.stuckMs) {
        this.terminate();
        return;
      }
      this.#flushAfter(limits.batchMs);
      return;
    }
    this.#blockedSinceMs = null;
    if (this.#outbox.empty) return;
    this.#flushedAtMs = now;
    this.#socket.send(this.#outbox.take((topic) => this.#hub.lastSeq(topic)));
  }
}

function parseMessage(frame: string): ClientMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    // Text that is no JSON is no message; the caller says so to the client.
    return null;
  }
  const parsed = ClientMessageSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/**
 * The one WebSocket of the page (`/api/ws`; protocol in src/contract/live.ts). Topics are watched by listeners; after a gap each topic
 * catches up from the last number seen, or its listeners are told `resync` and read the resource again.
 */
import type { ClientMessage, LiveType } from '../../../src/contract/live.ts';

export type LiveState = 'connecting' | 'live' | 'catching_up' | 'offline' | 'stopped';

export interface LiveListener {
  message(type: LiveType, data: unknown): void;
  /** More was missed than the server keeps, or this is the first answer: read the resource, then go on with what follows. */
  resync(): void;
}

export interface LiveStatus {
  readonly state: LiveState;
  /** When the connection was lost; null while it is there. */
  readonly offlineSinceMs: number | null;
  /** Messages that came while catching up. */
  readonly caughtUp: number;
}

/** What the connection needs from a browser; tests bring their own. */
export interface LiveWorld {
  open(): SocketLike;
  nowMs(): number;
  random(): number;
  after(ms: number, then: () => void): () => void;
}

export interface SocketLike {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 10_000;
const PING_EVERY_MS = 15_000;
/** Nothing heard for so long, in spite of a ping: the connection is dead although nobody said so. */
const SILENCE_MS = 40_000;

interface Topic {
  seq: number | null;
  answered: boolean;
  readonly listeners: Set<LiveListener>;
}

interface Incoming {
  topic?: string;
  seq?: number;
  type: string;
  data?: unknown;
}

export class LiveConnection {
  readonly #world: LiveWorld;
  readonly #topics = new Map<string, Topic>();
  readonly #watchers = new Set<() => void>();
  #socket: SocketLike | null = null;
  #open = false;
  #tries = 0;
  #heardMs = 0;
  #cancelTimer: (() => void) | null = null;
  #status: LiveStatus = { state: 'stopped', offlineSinceMs: null, caughtUp: 0 };

  constructor(world: LiveWorld) {
    this.#world = world;
  }

  start(): void {
    if (this.#status.state !== 'stopped') return;
    this.#set({ state: 'connecting', offlineSinceMs: null, caughtUp: 0 });
    this.#connect();
  }

  /** Closes for good; topics and their numbers stay, so that a later start catches up. */
  stop(): void {
    this.#set({ state: 'stopped', offlineSinceMs: null, caughtUp: 0 });
    this.#drop();
  }

  /** The network is back, or the page is seen again: no waiting for the next try. */
  tryNow(): void {
    if (this.#status.state === 'stopped' || this.#open) return;
    this.#tries = 0;
    this.#drop();
    this.#connect();
  }

  /** The first listener of a topic subscribes it, the last one that goes unsubscribes it. */
  watch(name: string, listener: LiveListener): () => void {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = { seq: null, answered: false, listeners: new Set() };
      this.#topics.set(name, topic);
      this.#send({ type: 'subscribe', topics: [name] });
    } else if (topic.answered) {
      // The topic runs already: this listener has missed what came before it.
      queueMicrotask(() => topic?.listeners.has(listener) && listener.resync());
    }
    topic.listeners.add(listener);
    const joined = topic;
    return () => {
      joined.listeners.delete(listener);
      if (joined.listeners.size > 0 || this.#topics.get(name) !== joined) return;
      this.#topics.delete(name);
      this.#send({ type: 'unsubscribe', topics: [name] });
    };
  }

  status(): LiveStatus {
    return this.#status;
  }

  watchStatus(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #connect(): void {
    const socket = this.#world.open();
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#socket !== socket) return;
      this.#open = true;
      this.#tries = 0;
      this.#heardMs = this.#world.nowMs();
      const names = [...this.#topics.keys()];
      const after = Object.fromEntries([...this.#topics].flatMap(([name, { seq }]) => (seq === null ? [] : [[name, seq]])));
      const gap = this.#status.offlineSinceMs !== null;
      this.#set({ state: gap && names.length > 0 ? 'catching_up' : 'live', offlineSinceMs: null, caughtUp: 0 });
      for (const topic of this.#topics.values()) topic.answered = false;
      if (names.length > 0) this.#send({ type: 'subscribe', topics: names, after });
      this.#keepAlive();
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
  }

  #receive(text: string): void {
    this.#heardMs = this.#world.nowMs();
    let caughtUp = 0;
    for (const message of JSON.parse(text) as Incoming[]) {
      if (message.topic === undefined || message.seq === undefined) continue;
      const topic = this.#topics.get(message.topic);
      if (topic === undefined) continue;
      if (message.type === 'resync' || message.type === 'subscribed') {
        const first = topic.seq === null;
        topic.seq = message.seq;
        topic.answered = true;
        // After the first answer whatever a listener read earlier may be older than the topic.
        if (message.type === 'resync' || first) for (const listener of [...topic.listeners]) listener.resync();
        continue;
      }
      // A number seen before comes twice only around a reconnect.
      if (topic.seq !== null && message.seq <= topic.seq) continue;
      topic.seq = message.seq;
      caughtUp += 1;
      for (const listener of [...topic.listeners]) listener.message(message.type as LiveType, message.data);
    }
    if (this.#status.state !== 'catching_up') return;
    const done = [...this.#topics.values()].every((topic) => topic.answered);
    this.#set(
      done ? { state: 'live', offlineSinceMs: null, caughtUp: 0 } : { ...this.#status, caughtUp: this.#status.caughtUp + caughtUp },
    );
  }

  #lost(): void {
    this.#drop();
    if (this.#status.state === 'stopped') return;
    this.#set({ state: 'offline', offlineSinceMs: this.#status.offlineSinceMs ?? this.#world.nowMs(), caughtUp: 0 });
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#tries);
    this.#tries += 1;
    // Many pages lose one server at once: they do not come back at once.
    this.#cancelTimer = this.#world.after(longest * (0.5 + this.#world.random() / 2), () => this.#connect());
  }

  #keepAlive(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#world.after(PING_EVERY_MS, () => {
      if (this.#world.nowMs() - this.#heardMs > SILENCE_MS) return this.#lost();
      this.#send({ type: 'ping' });
      this.#keepAlive();
    });
  }

  #send(message: ClientMessage): void {
    if (this.#open) this.#socket?.send(JSON.stringify(message));
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#open = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    socket?.close();
  }

  #set(status: LiveStatus): void {
    this.#status = status;
    for (const watcher of this.#watchers) watcher();
  }
}

/**
 * The one WebSocket of the page (`/api/ws`; protocol in src/contract/live.ts). Topics are watched by listeners; after a gap each topic
 * catches up from the last number seen, or its listeners are told `resync` and read the resource again.
 */
import type { ClientMessage, LiveType } from '../../../src/contract/live.ts';

export type LiveState = 'connecting' | 'live' | 'catching_up' | 'offline' | 'stopped';

export interface LiveListener {
  message(type: LiveType, data: unknown): void;
  /** This listener is new, or more was missed than the server keeps: read the resource, then go on with what follows. */
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
  /** An attempt ended before it was open: nobody is there, or nobody is let in. A browser does not say which. */
  refused(): void;
  /** Something that should not be: it is told, and the connection goes on. */
  report(error: unknown): void;
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
/** The same after a sleep or a change of network, when a dead connection is likely. */
const CHECK_MS = 5_000;
/** A connection that was lost sooner counts as a try that failed: a server that throws everybody out is not asked without a pause. */
const STABLE_MS = 5_000;

interface Topic {
  seq: number | null;
  /** This connection's subscription was confirmed. What comes before that belongs to an earlier one. */
  answered: boolean;
  /** Whether the listener was told to read since it joined, while the topic ran. */
  readonly listeners: Map<LiveListener, { told: boolean }>;
}

interface Incoming {
  topic?: string;
  seq?: number;
  type: string;
  data?: unknown;
  detail?: string;
}

export class LiveConnection {
  readonly #world: LiveWorld;
  readonly #topics = new Map<string, Topic>();
  readonly #watchers = new Set<() => void>();
  #socket: SocketLike | null = null;
  #open = false;
  #tries = 0;
  #heardMs = 0;
  #openedMs = 0;
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

  /** The network changed, or the page is seen again: no waiting for the next try, and no trust in a connection that says nothing. */
  tryNow(): void {
    if (this.#status.state === 'stopped') return;
    if (this.#open) {
      this.#check();
      return;
    }
    this.#tries = 0;
    this.#drop();
    this.#connect();
  }

  /** The first listener of a topic subscribes it, the last one that goes unsubscribes it. */
  watch(name: string, listener: LiveListener): () => void {
    const known = this.#topics.get(name);
    const topic: Topic = known ?? { seq: null, answered: false, listeners: new Map() };
    const runs = this.#open && topic.answered;
    topic.listeners.set(listener, { told: runs });
    if (known === undefined) {
      this.#topics.set(name, topic);
      this.#send({ type: 'subscribe', topics: [name] });
    } else if (runs || this.#status.state === 'offline') {
      // It has missed what came before it. Offline it learns at once that it cannot read, and is told again when it can.
      queueMicrotask(() => topic.listeners.has(listener) && this.#tell(() => listener.resync()));
    }
    return () => {
      topic.listeners.delete(listener);
      if (topic.listeners.size > 0 || this.#topics.get(name) !== topic) return;
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
      if (this.#socket === socket) this.#opened();
    };
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#receive(data);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      if (!this.#open) this.#world.refused();
      this.#lost();
    };
  }

  #opened(): void {
    this.#open = true;
    this.#openedMs = this.#world.nowMs();
    this.#heardMs = this.#openedMs;
    const names = [...this.#topics.keys()];
    const after = Object.fromEntries([...this.#topics].flatMap(([name, { seq }]) => (seq === null ? [] : [[name, seq]])));
    const gap = this.#status.offlineSinceMs !== null;
    this.#set({ state: gap && names.length > 0 ? 'catching_up' : 'live', offlineSinceMs: null, caughtUp: 0 });
    for (const topic of this.#topics.values()) topic.answered = false;
    if (names.length > 0) this.#send({ type: 'subscribe', topics: names, after });
    this.#keepAlive();
  }

  #receive(text: string): void {
    this.#heardMs = this.#world.nowMs();
    let messages: Incoming[];
    try {
      messages = JSON.parse(text) as Incoming[];
    } catch (error) {
      // What was in it is missed: a new connection catches up.
      this.#world.report(error);
      this.#lost();
      return;
    }
    let count = 0;
    for (const message of messages) {
      if (message.type === 'error') this.#world.report(new Error(message.detail ?? 'The live connection was refused something.'));
      if (message.topic === undefined || message.seq === undefined) continue;
      const topic = this.#topics.get(message.topic);
      if (topic === undefined) continue;
      if (message.type === 'resync' || message.type === 'subscribed') this.#answered(topic, message.type === 'resync', message.seq);
      else if (topic.answered && (topic.seq === null || message.seq > topic.seq)) {
        topic.seq = message.seq;
        count += 1;
        for (const listener of [...topic.listeners.keys()]) this.#deliver(topic, listener, message);
      }
    }
    if (this.#status.state !== 'catching_up') return;
    const done = [...this.#topics.values()].every((topic) => topic.answered);
    this.#set(done ? { state: 'live', offlineSinceMs: null, caughtUp: 0 } : { ...this.#status, caughtUp: this.#status.caughtUp + count });
  }

  /** A topic runs. Whoever has seen everything up to `seq` goes on; everybody else reads. */
  #answered(topic: Topic, resync: boolean, seq: number): void {
    const gap = resync || topic.seq !== seq;
    topic.seq = seq;
    topic.answered = true;
    for (const [listener, state] of [...topic.listeners]) {
      if (!gap && state.told) continue;
      state.told = true;
      this.#tell(() => listener.resync());
    }
  }

  #deliver(topic: Topic, listener: LiveListener, message: Incoming): void {
    // A listener that went while the others were told is told nothing.
    if (!topic.listeners.has(listener)) return;
    const fine = this.#tell(() => listener.message(message.type as LiveType, message.data));
    // One that broke over a message has missed it: it reads.
    if (!fine) this.#tell(() => listener.resync());
  }

  /** One listener that breaks does not take the message from the others. */
  #tell(listener: () => void): boolean {
    try {
      listener();
      return true;
    } catch (error) {
      this.#world.report(error);
      return false;
    }
  }

  #lost(): void {
    const stable = this.#open && this.#world.nowMs() - this.#openedMs >= STABLE_MS;
    this.#drop();
    if (this.#status.state === 'stopped') return;
    this.#set({ state: 'offline', offlineSinceMs: this.#status.offlineSinceMs ?? this.#world.nowMs(), caughtUp: 0 });
    if (stable) this.#tries = 0;
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

  #check(): void {
    const askedMs = this.#world.nowMs();
    this.#send({ type: 'ping' });
    this.#cancelTimer?.();
    this.#cancelTimer = this.#world.after(CHECK_MS, () => (this.#heardMs < askedMs ? this.#lost() : this.#keepAlive()));
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

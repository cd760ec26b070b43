/** Numbers the hints of the bus per topic and hands them to the connections that watch. */
import type { Bus, LiveHint } from '../../ports/bus.ts';
import type { Clock, Log } from '../../ports/system.ts';
import type { LiveLimits } from './limits.ts';
import { TopicRing } from './topic-ring.ts';

interface Topic {
  readonly ring: TopicRing;
  readonly watchers: Set<Watcher>;
  /** Monotonic time since which nobody watches; null while somebody does. */
  idleSinceMs: number | null;
}

/** Not repeated to those who come back: the finished record follows as a `message`, and these are many. */
const FLEETING = new Set(['message_delta', 'progress', 'log_line']);

/** A client, as the hub sees it. */
export interface Watcher {
  deliver(topic: string, text: string): void;
  heartbeat(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export class LiveHub {
  readonly limits: LiveLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly #topics = new Map<string, Topic>();
  readonly #connections = new Set<Watcher>();
  readonly #unsubscribe: () => void;
  /** Highest number ever given to any topic. */
  #highest: number;
  #cancelHeartbeat = (): void => {};
  #closed = false;

  constructor(bus: Bus, clock: Clock, log: Log, limits: LiveLimits) {
    this.limits = limits;
    this.clock = clock;
    this.log = log;
    // Microseconds of the wall clock: above every number of an earlier life of the server, unless a topic had over 1,000 messages per
    // millisecond or the clock went back. Then a number may be refused that was good, or lie above the last one, which is refused too.
    this.#highest = clock.nowMs() * 1_000;
    this.#unsubscribe = bus.subscribe((hint) => this.#publish(hint));
    this.#beat();
  }

  get size(): number {
    return this.#connections.size;
  }

  get full(): boolean {
    return this.#closed || this.#connections.size >= this.limits.clients;
  }

  add(connection: Watcher): void {
    this.#connections.add(connection);
  }

  remove(connection: Watcher, topics: Iterable<string>): void {
    this.#connections.delete(connection);
    for (const topic of topics) this.unwatch(connection, topic);
  }

  /** The number after which messages follow, and what was missed; `missed` null: more was missed than is known. */
  watch(connection: Watcher, name: string, after: number | undefined): { seq: number; missed: string[] | null } {
    const topic = this.#topics.get(name) ?? this.#open(name);
    topic.watchers.add(connection);
    topic.idleSinceMs = null;
    if (after === undefined) return { seq: topic.ring.last, missed: [] };
    const missed = topic.ring.since(after);
    return { seq: missed === null ? topic.ring.last : after, missed };
  }

  unwatch(connection: Watcher, name: string): void {
    const topic = this.#topics.get(name);
    if (topic === undefined || !topic.watchers.delete(connection) || topic.watchers.size > 0) return;
    topic.idleSinceMs = this.clock.monotonicMs();
    // Set again, it becomes the youngest of the map: the oldest idle ones go first.
    this.#topics.delete(name);
    this.#topics.set(name, topic);
    this.#expire();
  }

  lastSeq(name: string): number {
    return this.#topics.get(name)?.ring.last ?? this.#highest;
  }

  /** Says goodbye to all and takes nobody any more. */
  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#cancelHeartbeat();
    for (const connection of this.#connections) connection.close(1001, 'the server shuts down');
  }

  #open(name: string): Topic {
    // One more than the highest: a topic that was forgotten meanwhile must not take the last number of its earlier life for complete.
    this.#highest += 1;
    const topic = { ring: new TopicRing(this.#highest, this.limits), watchers: new Set<Watcher>(), idleSinceMs: null };
    this.#topics.set(name, topic);
    return topic;
  }

  #publish(hint: LiveHint): void {
    const topic = this.#topics.get(hint.topic);
    // Nobody watches and nobody did lately: there is nobody to catch up.
    if (topic === undefined) return;
    let data: string;
    try {
      data = JSON.stringify(hint.data) ?? 'null';
    } catch (error) {
      // A hint may be lost, the truth is in the store; whoever published must not fail because of a watcher.
      this.log.error({ topic: hint.topic, type: hint.type, error }, 'a live message could not be written as JSON');
      return;
    }
    const head = `{"topic":${JSON.stringify(hint.topic)},"seq":`;
    const text = topic.ring.push((seq) => `${head}${seq},"type":"${hint.type}","data":${data}}`, !FLEETING.has(hint.type));
    this.#highest = Math.max(this.#highest, topic.ring.last);
    for (const connection of topic.watchers) connection.deliver(hint.topic, text);
  }

  #beat(): void {
    this.#cancelHeartbeat = this.clock.after(this.limits.heartbeatMs, () => {
      for (const connection of this.#connections) connection.heartbeat();
      this.#expire();
      this.#beat();
    });
  }

  #expire(): void {
    const now = this.clock.monotonicMs();
    const idle = [...this.#topics].filter(([, topic]) => topic.idleSinceMs !== null);
    const surplus = idle.length - this.limits.idleRings;
    idle.forEach(([name, topic], index) => {
      if (index < surplus || now - (topic.idleSinceMs ?? now) > this.limits.ringIdleMs) this.#topics.delete(name);
    });
  }
}

/** What waits for one client: bounded, and cut to `resync` per topic when it would grow beyond. */

export interface OutboxBounds {
  readonly outboxBytes: number;
  readonly messageBytes: number;
}

export class Outbox {
  readonly #bounds: OutboxBounds;
  #waiting: { topic: string | null; text: string }[] = [];
  #bytes = 0;
  /** Topics of which something was dropped: nothing more of them until the client was told. */
  readonly #stale = new Set<string>();

  constructor(bounds: OutboxBounds) {
    this.#bounds = bounds;
  }

  get empty(): boolean {
    return this.#waiting.length === 0 && this.#stale.size === 0;
  }

  /** Whether so much waits that it should leave before its time. */
  get filling(): boolean {
    return this.#bytes * 2 >= this.#bounds.outboxBytes;
  }

  /** `topic` null: an answer to the client itself. */
  add(topic: string | null, text: string): void {
    if (topic !== null && this.#stale.has(topic)) return;
    const fits =
      this.#waiting.length === 0 ? text.length <= this.#bounds.messageBytes : this.#bytes + text.length <= this.#bounds.outboxBytes;
    if (fits) {
      this.#waiting.push({ topic, text });
      this.#bytes += text.length;
      return;
    }
    for (const each of this.#waiting) if (each.topic !== null) this.#stale.add(each.topic);
    if (topic !== null) this.#stale.add(topic);
    this.#waiting = [];
    this.#bytes = 0;
  }

  forget(topic: string): void {
    this.#stale.delete(topic);
  }

  /** Everything as one frame, a JSON array of messages; empties the box. */
  take(lastSeq: (topic: string) => number): string {
    const texts = this.#waiting.map((each) => each.text);
    for (const topic of this.#stale) texts.push(JSON.stringify({ topic, seq: lastSeq(topic), type: 'resync' }));
    this.#waiting = [];
    this.#bytes = 0;
    this.#stale.clear();
    return `[${texts.join(',')}]`;
  }
}

/** The last messages of one topic, bounded in number and bytes. */

export interface RingBounds {
  readonly ringMessages: number;
  readonly ringBytes: number;
}

interface Entry {
  readonly seq: number;
  readonly text: string;
}

export class TopicRing {
  readonly #bounds: RingBounds;
  #entries: Entry[] = [];
  #bytes = 0;
  /** Everything after this number is known: kept here, or of a kind that is never kept. */
  #floor: number;
  #last: number;

  /** Numbers go on after `start`. */
  constructor(start: number, bounds: RingBounds) {
    this.#bounds = bounds;
    this.#floor = start;
    this.#last = start;
  }

  get last(): number {
    return this.#last;
  }

  /** Gives the message its number and remembers it, unless it is only for those who watch right now. */
  push(render: (seq: number) => string, keep: boolean): string {
    this.#last += 1;
    const text = render(this.#last);
    if (!keep) return text;
    this.#entries.push({ seq: this.#last, text });
    this.#bytes += text.length;
    this.#forget();
    return text;
  }

  /** What came after that number, or null when that cannot be told: it is too old, or of another life of the server. */
  since(seq: number): string[] | null {
    if (seq < this.#floor || seq > this.#last) return null;
    return this.#entries.filter((entry) => entry.seq > seq).map((entry) => entry.text);
  }

  #forget(): void {
    let dropped = 0;
    const { ringMessages, ringBytes } = this.#bounds;
    while (this.#entries.length - dropped > ringMessages || this.#bytes > ringBytes) {
      const entry = this.#entries[dropped];
      if (entry === undefined) break;
      this.#bytes -= entry.text.length;
      this.#floor = entry.seq;
      dropped += 1;
    }
    if (dropped > 0) this.#entries = this.#entries.slice(dropped);
  }
}

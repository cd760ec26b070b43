/**
 * The part of a transcript that a view holds: a window of records without gaps, from its last records or around one of them, that grows
 * at either end as the reader goes there and, while it touches the end, by what comes live. What lies far from the reader is let go:
 * memory does not grow with the run. Every number is taken once; a gap is read before anything behind it is shown.
 */
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { textOf, weightOf } from './records.ts';
import { type Row, RowBuilder } from './rows.ts';

export interface RecordWindow {
  readonly items: readonly TranscriptRecord[];
  readonly last_seq: number;
  readonly next_after: number | null;
  readonly next_before: number | null;
}

/** What the window needs of the page; tests bring their own. */
export interface TranscriptWorld {
  /** Records after a number, or the last ones (before a number). All of the transcript, or what a filter leaves. */
  read(input: { after?: number; before?: number; limit: number }): Promise<RecordWindow>;
  /** Calls back once, soon, before the next picture is drawn. */
  soon(then: () => void): void;
  /** True: the reader chose a filter; what comes live is then read back from the server, which owns what a filter shows. */
  readonly filtered: boolean;
}

export interface TranscriptState {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: unknown;
  readonly rows: readonly Row[];
  readonly lastEdit: string | null;
  readonly lastTodo: string | null;
  readonly atStart: boolean;
  /** The window touches the end: live records are added. */
  readonly atEnd: boolean;
  readonly reading: 'older' | 'newer' | null;
  /** What went wrong while the window grew; the rows stay. */
  readonly growError: { readonly where: 'older' | 'newer'; readonly error: unknown } | null;
  /** Messages that came since the reader left the end. */
  readonly unseen: number;
}

export const PAGE = 200;
export const MOST_RECORDS = 6_000;
const MOST_CHARS = 24_000_000;
/** So much is let go at once: rows are then made anew. */
const TRIM = 1_000;
/** Belong to another record, or show nothing. */
const NO_MESSAGE: ReadonlySet<string> = new Set(['tool_result', 'usage', 'screenshot', 'subagent']);

const EMPTY: TranscriptState = {
  state: 'loading',
  error: null,
  rows: [],
  lastEdit: null,
  lastTodo: null,
  atStart: false,
  atEnd: false,
  reading: null,
  growError: null,
  unseen: 0,
};

export class Transcript {
  readonly #world: TranscriptWorld;
  readonly #listeners = new Set<() => void>();
  #shown: TranscriptState = EMPTY;
  #records: TranscriptRecord[] = [];
  #chars = 0;
  #builder = new RowBuilder();
  /** The window holds what the filter leaves of the numbers from `#first` to `#last`. */
  #first = 1;
  #last = 0;
  /** The highest number heard of. */
  #heard = 0;
  #following = true;
  #live: { readonly block: string; text: string } | null = null;
  /** The next block of partial text is heard from its beginning. */
  #boundary = false;
  /** Goes up when the window begins anew: answers of an earlier one are dropped. */
  #life = 0;
  /** The connection was away while the window was read: its answer may be older than that. */
  #missed = false;
  #catching = false;
  #again = false;
  #telling = false;

  constructor(world: TranscriptWorld) {
    this.#world = world;
  }

  state(): TranscriptState {
    return this.#shown;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins anew: at the end, or around a number. */
  async open(seq?: number): Promise<void> {
    this.#life += 1;
    const life = this.#life;
    this.#catching = false;
    this.#missed = false;
    this.#following = seq === undefined;
    this.#set({ ...EMPTY, rows: this.#shown.rows, state: this.#shown.rows.length > 0 ? 'ready' : 'loading', reading: 'newer' });
    try {
      const before = await this.#world.read(seq === undefined ? { limit: PAGE } : { before: seq + 1, limit: PAGE / 2 });
      const after = seq === undefined ? null : await this.#world.read({ after: seq, limit: PAGE });
      if (life !== this.#life) return;
      const last = after ?? before;
      this.#records = [...before.items, ...(after?.items ?? [])];
      this.#chars = charsOf(this.#records);
      this.#first = before.next_before ?? 1;
      this.#last = last.next_after ?? last.last_seq;
      this.#heard = Math.max(this.#heard, last.last_seq);
      this.#rebuild();
      this.#set({ ...this.#shown, state: 'ready', atStart: before.next_before === null, atEnd: last.next_after === null, reading: null });
      this.#tellSoon();
      if (this.#shown.atEnd && (this.#heard > this.#last || this.#missed)) await this.#catchUp();
    } catch (error) {
      if (life === this.#life) this.#set({ ...this.#shown, state: 'failed', error, reading: null });
    }
  }

  /** The window is no longer shown: answers that are still on their way change nothing. */
  close(): void {
    this.#life += 1;
    this.#listeners.clear();
  }

  /** The reader comes near the beginning of the window. */
  async older(): Promise<void> {
    const { state, atStart, reading } = this.#shown;
    if (state !== 'ready' || atStart || reading !== null) return;
    await this.#grow('older', async () => {
      const from = this.#first;
      const read = await this.#world.read({ before: from, limit: PAGE });
      return () => {
        // The window has let go of its beginning meanwhile: this would leave a hole.
        if (this.#first !== from) return;
        this.#records = [...read.items, ...this.#records];
        this.#chars += charsOf(read.items);
        this.#first = read.next_before ?? 1;
        this.#rebuild();
        this.#trim('end');
        this.#set({ ...this.#shown, atStart: read.next_before === null });
      };
    });
  }

  /** The reader comes near the end of a window that does not touch the end of the transcript. */
  async newer(): Promise<void> {
    const { state, atEnd, reading } = this.#shown;
    if (state !== 'ready' || atEnd || reading !== null) return;
    await this.#grow('newer', async () => {
      const from = this.#last;
      const read = await this.#world.read({ after: from, limit: PAGE });
      return () => {
        if (this.#last !== from) return;
        this.#heard = Math.max(this.#heard, read.last_seq);
        this.#append(read.items);
        this.#last = read.next_after ?? read.last_seq;
        this.#trim('start');
        this.#set({ ...this.#shown, atEnd: read.next_after === null });
      };
    });
    if (this.#shown.atEnd && this.#heard > this.#last) await this.#catchUp();
  }

  /** A record came live. */
  message(record: TranscriptRecord): void {
    if (record.seq <= this.#heard) return;
    this.#heard = record.seq;
    this.#boundary = true;
    if (record.type === 'text' || record.type === 'result' || record.type === 'error') this.#live = null;
    const { state, atEnd, unseen } = this.#shown;
    if (!this.#following && !this.#world.filtered && !NO_MESSAGE.has(record.type)) this.#set({ ...this.#shown, unseen: unseen + 1 }, false);
    if (state === 'ready' && atEnd) {
      if (!this.#world.filtered && !this.#catching && record.seq === this.#last + 1) {
        this.#append([record]);
        this.#last = record.seq;
        this.#trim('start');
      } else void this.#catchUp();
    }
    this.#tellSoon();
  }

  /** Partial text of the agent. It is shown behind the last row until the record with all of it comes. */
  delta(block: string, text: string): void {
    if (this.#live?.block === block) this.#live.text += text;
    else this.#live = { block, text: this.#boundary ? text : `… ${text}` };
    this.#boundary = false;
    if (this.#shown.atEnd && !this.#world.filtered) this.#tellSoon();
  }

  /** The connection was away: partial text has holes, records may be missing. */
  resync(): void {
    this.dropLive();
    this.#boundary = false;
    if (this.#shown.state === 'ready' && this.#shown.atEnd) void this.#catchUp();
    else if (this.#shown.reading !== null) this.#missed = true;
    else if (this.#shown.state === 'failed') void this.open();
  }

  dropLive(): void {
    if (this.#live === null) return;
    this.#live = null;
    this.#tellSoon();
  }

  /** Whether the reader stands at the end and wants to stay there. */
  follow(on: boolean): void {
    if (this.#following === on) return;
    this.#following = on;
    if (on && this.#shown.unseen > 0) this.#set({ ...this.#shown, unseen: 0 });
  }

  retry(): Promise<void> {
    const { state, growError } = this.#shown;
    if (state === 'failed') return this.open();
    this.#set({ ...this.#shown, growError: null });
    if (growError?.where === 'older') return this.older();
    return this.#shown.atEnd ? this.#catchUp() : this.newer();
  }

  /** Reads what lies behind the window until nothing does. One at a time; what is heard meanwhile is read in another round. */
  async #catchUp(): Promise<void> {
    if (this.#catching) {
      this.#again = true;
      return;
    }
    this.#catching = true;
    const life = this.#life;
    try {
      for (let more = true; more; ) {
        this.#again = false;
        const from = this.#last;
        const read = await this.#world.read({ after: from, limit: PAGE * 5 });
        if (life !== this.#life) return;
        // The window has let go of its end meanwhile: it is read when the reader comes back to it.
        if (this.#last !== from || !this.#shown.atEnd) break;
        // A filter's new rows are counted here; without one each record was counted as it came.
        if (!this.#following && this.#world.filtered) {
          const came = read.items.filter(({ type }) => !NO_MESSAGE.has(type)).length;
          this.#set({ ...this.#shown, unseen: this.#shown.unseen + came }, false);
        }
        this.#append(read.items);
        this.#last = read.next_after ?? Math.max(read.last_seq, from);
        this.#heard = Math.max(this.#heard, this.#last);
        this.#trim('start');
        if (!this.#shown.atEnd) break;
        more = (read.next_after !== null || this.#again) && (this.#last > from || this.#again);
      }
      if (this.#shown.growError?.where === 'newer') this.#set({ ...this.#shown, growError: null });
    } catch (error) {
      if (life === this.#life) this.#set({ ...this.#shown, growError: { where: 'newer', error } });
    } finally {
      if (life === this.#life) {
        this.#catching = false;
        this.#tellSoon();
      }
    }
  }

  async #grow(where: 'older' | 'newer', read: () => Promise<() => void>): Promise<void> {
    const life = this.#life;
    this.#set({ ...this.#shown, reading: where, growError: null });
    try {
      const apply = await read();
      if (life !== this.#life) return;
      apply();
      this.#set({ ...this.#shown, reading: null });
    } catch (error) {
      if (life === this.#life) this.#set({ ...this.#shown, reading: null, growError: { where, error } });
    }
    this.#tellSoon();
  }

  #append(records: readonly TranscriptRecord[]): void {
    for (const record of records) {
      if (record.type === 'text' && textOf(record.parent) === '') this.#live = null;
      this.#records.push(record);
      this.#chars += weightOf(record);
      this.#builder.add(record);
    }
  }

  /** Keeps the window within its bounds by letting go at the end that the reader is not at. */
  #trim(where: 'start' | 'end'): void {
    if (this.#records.length <= MOST_RECORDS && this.#chars <= MOST_CHARS) return;
    if (where === 'start' && !this.#following && this.#shown.atEnd) {
      // The reader stands further up: nothing is taken from there; the end is read again when they come back to it.
      this.#set({ ...this.#shown, atEnd: false }, false);
      return;
    }
    const keep = Math.max(PAGE, Math.min(this.#records.length - TRIM, MOST_RECORDS - TRIM));
    if (keep >= this.#records.length) return;
    this.#chars -= charsOf(where === 'start' ? this.#records.slice(0, -keep) : this.#records.slice(keep));
    if (where === 'start') {
      this.#records = this.#records.slice(-keep);
      this.#first = this.#records[0]?.seq ?? this.#last + 1;
      this.#set({ ...this.#shown, atStart: false }, false);
    } else {
      this.#records = this.#records.slice(0, keep);
      this.#last = this.#records.at(-1)?.seq ?? this.#first - 1;
      this.#set({ ...this.#shown, atEnd: false }, false);
    }
    this.#rebuild();
  }

  #rebuild(): void {
    this.#builder = new RowBuilder(this.#records);
  }

  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    this.#world.soon(() => {
      this.#telling = false;
      const { lastEdit, lastTodo } = this.#builder;
      this.#set({ ...this.#shown, rows: this.#rowsNow(), lastEdit, lastTodo });
    });
  }

  #rowsNow(): readonly Row[] {
    const rows = [...this.#builder.rows];
    if (this.#live !== null && this.#shown.atEnd && !this.#world.filtered) {
      // The key of the record that will replace it: the row stays the same one.
      const seq = this.#last + 1;
      rows.push({ key: String(seq), seq, at: '', kind: 'prose', text: this.#live.text, live: true, cut: false });
    }
    return rows;
  }

  #set(next: TranscriptState, tell = true): void {
    this.#shown = next;
    if (tell) for (const listener of [...this.#listeners]) listener();
  }
}

function charsOf(records: readonly TranscriptRecord[]): number {
  return records.reduce((sum, record) => sum + weightOf(record), 0);
}

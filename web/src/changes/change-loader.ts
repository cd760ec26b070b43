/**
 * Brings the change of a run: the list of its files at once, then the lines. A change of common size is read whole, window by window, in
 * the order of the list; of a huge one each file is read when it is looked at.
 */
import type { Diff, FileChange } from '../../../src/contract/git-resources.ts';
import { pairsOf } from './diff/pairs.ts';
import { DiffParser, type FileDiff } from './diff/parse.ts';

export interface ChangeSource {
  /** Both throw `ApiFailure`, or the abort of the signal. */
  files(signal: AbortSignal): Promise<{ from: string; to: string; items: readonly FileChange[] }>;
  lines(window: { path?: string; offset: number; limit: number }, signal: AbortSignal): Promise<Diff>;
}

export type LoadState = 'none' | 'loading' | 'part' | 'whole' | 'failed';

export interface FileContent {
  readonly state: LoadState;
  readonly diff: FileDiff | null;
  readonly error: unknown;
}

export interface Change {
  readonly state: 'loading' | 'failed' | 'listed';
  readonly error: unknown;
  readonly from: string;
  readonly to: string;
  readonly files: readonly FileChange[];
  /** By path; a new map whenever something in it changed. */
  readonly contents: ReadonlyMap<string, FileContent>;
  /** Everything that is read without being asked for is there. */
  readonly settled: boolean;
}

/** Changes up to this many lines (added and removed) are read whole. */
export const WHOLE_LINES = 30_000;
/** A file with more is read, or opened, only when somebody wants it. */
export const LARGE_FILE_LINES = 2_000;
const FIRST_WINDOW = 1_000;
const WINDOW = 5_000;
/** So much of one file is read at once; the next part is asked for. */
const FILE_PART_LINES = 20_000;
/** Lines that are parsed in one go; between two goes the page can do other things. */
const SLICE_CHARS = 32_000;
const MOST_RESTARTS = 3;

export const NOT_LOADED: FileContent = { state: 'none', diff: null, error: null };

const EMPTY: Change = { state: 'loading', error: null, from: '', to: '', files: [], contents: new Map(), settled: false };

export class ChangeLoader {
  readonly #source: ChangeSource;
  readonly #pause: () => Promise<void>;
  readonly #listeners = new Set<() => void>();
  readonly #parts = new Map<string, { parser: DiffParser; next: number }>();
  #abort = new AbortController();
  #now: Change = EMPTY;
  #restarts = 0;

  constructor(source: ChangeSource, pause: () => Promise<void>) {
    this.#source = source;
    this.#pause = pause;
  }

  readonly watch = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Change => this.#now;

  /** Reads anew. What is there stays until the new list has come. */
  async load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#parts.clear();
    try {
      const { from, to, items } = await this.#source.files(signal);
      this.#set({ state: 'listed', error: null, from, to, files: items, contents: new Map(), settled: items.length === 0 });
      if (items.length > 0 && changedLines(items) <= WHOLE_LINES) await this.#readWhole(signal);
      else this.#set({ ...this.#now, settled: true });
    } catch (error) {
      if (!signal.aborted) this.#set({ ...this.#now, state: this.#now.files.length > 0 ? 'listed' : 'failed', error, settled: true });
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Reads one file, or the next part of it. What goes wrong stands in the file's content. */
  async loadFile(path: string): Promise<void> {
    const known = this.#now.contents.get(path) ?? NOT_LOADED;
    if (known.state === 'loading' || known.state === 'whole') return;
    const { signal } = this.#abort;
    const part = this.#parts.get(path) ?? { parser: new DiffParser(), next: 0 };
    this.#parts.set(path, part);
    this.#put(new Map([[path, { ...known, state: 'loading', error: null }]]));
    try {
      let more = true;
      for (const end = part.next + FILE_PART_LINES; more && part.next < end; ) {
        const window = await this.#source.lines({ path, offset: part.next, limit: Math.min(WINDOW, end - part.next) }, signal);
        if (this.#moved(window)) return;
        await this.#parse(part.parser, window.text, signal);
        more = window.next_offset !== null;
        part.next = window.next_offset ?? part.next;
        this.#put(new Map([[path, { state: more ? 'loading' : 'whole', diff: joined(path, part.parser.files), error: null }]]));
      }
      if (more) this.#put(new Map([[path, { state: 'part', diff: joined(path, part.parser.files), error: null }]]));
    } catch (error) {
      if (signal.aborted) return;
      // What was read stays; the next try goes on behind it.
      this.#put(new Map([[path, { state: 'failed', diff: joined(path, part.parser.files), error }]]));
    }
  }

  async #readWhole(signal: AbortSignal): Promise<void> {
    const parser = new DiffParser();
    let offset: number | null = 0;
    let ready = 0;
    while (offset !== null) {
      const window: Diff = await this.#source.lines({ offset, limit: offset === 0 ? FIRST_WINDOW : WINDOW }, signal);
      if (this.#moved(window)) return;
      await this.#parse(parser, window.text, signal);
      offset = window.next_offset;
      const fresh = new Map<string, FileContent>();
      for (let index = ready; index < parser.files.length; index += 1) {
        const path = parser.files[index]?.path ?? '';
        // A file that changed its kind comes as two: its old self goes, its new self comes.
        const same = parser.files.filter((each, other) => Math.abs(other - index) <= 1 && each.path === path);
        const last = index === parser.files.length - 1 && offset !== null;
        fresh.set(path, { state: last ? 'loading' : 'whole', diff: joined(path, same), error: null });
      }
      ready = Math.max(0, parser.files.length - 1);
      this.#put(fresh);
    }
    // Git wrote nothing about them: there is nothing to show but that they changed.
    const rest = this.#now.files.filter(({ path }) => !this.#now.contents.has(path));
    this.#put(new Map(rest.map(({ path }) => [path, { state: 'whole', diff: null, error: null }] as const)));
    this.#set({ ...this.#now, settled: true });
  }

  /** The change went on while it was read: list and lines no longer fit. */
  #moved(window: Diff): boolean {
    if (window.from === this.#now.from && window.to === this.#now.to) return false;
    this.#restarts += 1;
    if (this.#restarts > MOST_RESTARTS) throw new Error('The change moves on faster than it can be read.');
    void this.load();
    return true;
  }

  async #parse(parser: DiffParser, text: string, signal: AbortSignal): Promise<void> {
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', Math.min(text.length, from + SLICE_CHARS));
      const to = end < 0 ? text.length : end + 1;
      const known = parser.files.length;
      parser.push(text.slice(from, to));
      from = to;
      // What became of which line is found out here, in small parts, not when all of it is to be drawn at once.
      for (const { hunks } of parser.files.slice(Math.max(0, known - 1))) for (const hunk of hunks) pairsOf(hunk);
      await this.#pause();
      signal.throwIfAborted();
    }
  }

  #put(fresh: ReadonlyMap<string, FileContent>): void {
    if (fresh.size > 0) this.#set({ ...this.#now, contents: new Map([...this.#now.contents, ...fresh]) });
  }

  #set(next: Change): void {
    this.#now = next;
    for (const listener of [...this.#listeners]) listener();
  }
}

function changedLines(files: readonly FileChange[]): number {
  return files.reduce((sum, { insertions, deletions }) => sum + (insertions ?? 0) + (deletions ?? 0), 0);
}

/** One file's parts as one; a new object each time, so that whoever keeps things by it sees that there is more. */
function joined(path: string, parts: readonly FileDiff[]): FileDiff | null {
  const own = parts.filter((part) => part.path === path);
  const [first] = own;
  if (first === undefined) return null;
  return {
    ...first,
    binary: own.some(({ binary }) => binary),
    blob: own.at(-1)?.blob ?? null,
    hunks: own.flatMap(({ hunks }) => hunks),
    version: own.reduce((sum, { version }) => sum + version, 0),
  };
}

/**
 * The runs that the page knows, by id, patched by live messages. A card listens to its own run alone, so that a figure that ticks on one
 * of a thousand cards draws one card. Whoever shows lists listens to `order`, which changes when a run appears, goes, or changes place.
 */
import type { RunCard } from '../../../src/contract/web-resources.ts';

type Listener = () => void;

/** Fields that decide in which list a run stands, and where. */
const PLACING: readonly (keyof RunCard)[] = [
  'status',
  'archived',
  'project_id',
  'waiting',
  'pending_questions',
  'created_at',
  'ended_at',
  'outcome',
];

/** A list that is being read: what came and went meanwhile is newer than its answer. */
export interface Reading<T> {
  /** A part of the answer. */
  put(runs: readonly T[]): void;
  /** All of it was read: what it does not hold is gone. */
  end(): void;
  /** It could not be read: nothing is taken away. */
  giveUp(): void;
}

export class RunStore<T extends RunCard = RunCard> {
  readonly #readings = new Set<{ readonly seen: Set<string>; readonly gone: Set<string> }>();
  readonly #runs = new Map<string, T>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #orderListeners = new Set<Listener>();
  #all: readonly T[] = [];
  #allOld = false;

  get(id: string): T | undefined {
    return this.#runs.get(id);
  }

  /** The same array until `order` changes; the runs in it are those of that moment. */
  all(): readonly T[] {
    if (this.#allOld) {
      this.#all = [...this.#runs.values()];
      this.#allOld = false;
    }
    return this.#all;
  }

  /** Whole runs, as read from the server. An answer that is older than what live messages brought does not win. */
  put(runs: readonly T[]): void {
    let placed = false;
    for (const run of runs) {
      const known = this.#runs.get(run.id);
      if (known !== undefined && known.seq > run.seq) continue;
      this.#runs.set(run.id, run);
      if (known === undefined) for (const { seen } of this.#readings) seen.add(run.id);
      placed ||= known === undefined || PLACING.some((field) => known[field] !== run[field]);
      this.#tell(run.id);
    }
    if (placed) this.#tellOrder();
  }

  /** Changed fields of one run. Of a run that nobody has read yet nothing is kept: false tells the caller to read it. */
  patch(patch: Partial<T> & { readonly id: string }): boolean {
    const known = this.#runs.get(patch.id);
    if (known === undefined) return false;
    const next = { ...known, ...patch };
    this.#runs.set(patch.id, next);
    this.#tell(patch.id);
    if (PLACING.some((field) => known[field] !== next[field])) this.#tellOrder();
    return true;
  }

  remove(id: string): void {
    for (const { gone } of this.#readings) gone.add(id);
    if (!this.#runs.delete(id)) return;
    this.#tell(id);
    this.#tellOrder();
  }

  /** Begins to read the whole list of the board. Archived runs were never on it: a view may hold one, and they stay. */
  startReading(): Reading<T> {
    const notes = { seen: new Set<string>(), gone: new Set<string>() };
    this.#readings.add(notes);
    return {
      put: (runs) => {
        const there = runs.filter(({ id }) => !notes.gone.has(id));
        for (const { id } of there) notes.seen.add(id);
        this.put(there);
      },
      end: () => {
        this.#readings.delete(notes);
        this.#retain(notes.seen);
      },
      giveUp: () => void this.#readings.delete(notes),
    };
  }

  #retain(ids: ReadonlySet<string>): void {
    for (const { id, archived } of [...this.#runs.values()]) if (!archived && !ids.has(id)) this.remove(id);
  }

  watch(id: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  watchOrder(listener: Listener): () => void {
    this.#orderListeners.add(listener);
    return () => this.#orderListeners.delete(listener);
  }

  #tell(id: string): void {
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
  }

  #tellOrder(): void {
    this.#allOld = true;
    for (const listener of [...this.#orderListeners]) listener();
  }
}

/** Which files of a change somebody has looked at: kept in this browser, for the last runs only. */

const KEY = 'gluon.viewed';
const MOST_RUNS = 40;
const MOST_FILES = 2_000;

interface Seen {
  readonly head: string;
  /** Path to the name of the content that was seen; empty when it was not known. */
  readonly files: Readonly<Record<string, string>>;
}

/** Newest last. */
type Kept = readonly (readonly [run: string, seen: Seen])[];

export type Keeper = Pick<Storage, 'getItem' | 'setItem'>;

/** A mark holds for the head at which it was set, and later as long as the file's content is the same. */
export class Viewed {
  readonly #keeper: Keeper;
  readonly #run: string;
  #seen: Seen;

  constructor(keeper: Keeper, run: string) {
    this.#keeper = keeper;
    this.#run = run;
    this.#seen = new Map(read(keeper)).get(run) ?? { head: '', files: {} };
  }

  has(path: string, head: string, blob: string | null): boolean {
    const seen = Object.hasOwn(this.#seen.files, path) ? this.#seen.files[path] : undefined;
    return seen !== undefined && (this.#seen.head === head || (seen !== '' && seen === blob));
  }

  /** `blobOf` says which contents are known at this head: marks of an earlier head that still hold are carried over. */
  set(path: string, viewed: boolean, head: string, blobOf: (path: string) => string | null): void {
    const files: Record<string, string> = Object.create(null);
    for (const [each, blob] of Object.entries(this.#seen.files).slice(-MOST_FILES)) {
      if (each !== path && this.has(each, head, blobOf(each))) files[each] = blobOf(each) ?? blob;
    }
    if (viewed) files[path] = blobOf(path) ?? '';
    this.#seen = { head, files };
    const others = read(this.#keeper).filter(([run]) => run !== this.#run);
    try {
      this.#keeper.setItem(KEY, JSON.stringify([...others, [this.#run, this.#seen] as const].slice(-MOST_RUNS)));
    } catch {
      // The browser keeps nothing more: the marks last as long as the page.
    }
  }
}

function read(keeper: Keeper): Kept {
  try {
    const kept: unknown = JSON.parse(keeper.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isEntry) : [];
  } catch {
    // Written by something else: begun anew.
    return [];
  }
}

function isEntry(entry: unknown): entry is readonly [string, Seen] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  const seen: unknown = entry[1];
  return (
    typeof seen === 'object' && seen !== null && 'head' in seen && 'files' in seen && typeof seen.files === 'object' && seen.files !== null
  );
}

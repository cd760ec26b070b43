/** What was typed and not sent. It survives a reload and a closed tab; the oldest drafts make room for new ones. */

/** What drafts need of a browser's storage; tests bring their own. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'gluon.draft.';
const MOST = 100;
/** Characters of one draft that are kept over a reload; a longer one stays in the open view alone. */
const LONGEST = 200_000;

interface Kept {
  readonly text: string;
  readonly at: number;
}

export function readDraft(storage: DraftStorage, key: string): string {
  return parsed(storage.getItem(PREFIX + key))?.text ?? '';
}

/** False when it could not be kept: too long, or the storage is full. An empty text removes the draft. */
export function keepDraft(storage: DraftStorage, key: string, text: string, nowMs: number): boolean {
  if (text === '') {
    storage.removeItem(PREFIX + key);
    return true;
  }
  if (text.length > LONGEST) return false;
  const value = JSON.stringify({ text, at: nowMs } satisfies Kept);
  for (const [drop] of [null, ...oldest(storage, PREFIX + key)].entries()) {
    if (drop > 0) removeOldest(storage, PREFIX + key);
    try {
      storage.setItem(PREFIX + key, value);
      while (oldest(storage, PREFIX + key).length >= MOST) removeOldest(storage, PREFIX + key);
      return true;
    } catch {
      // The storage is full: an older draft gives way, one at a time, until there is none left.
    }
  }
  return false;
}

function removeOldest(storage: DraftStorage, except: string): void {
  const first = oldest(storage, except)[0];
  if (first !== undefined) storage.removeItem(first);
}

function oldest(storage: DraftStorage, except: string): string[] {
  const kept: { key: string; at: number }[] = [];
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index);
    if (key?.startsWith(PREFIX) && key !== except) kept.push({ key, at: parsed(storage.getItem(key))?.at ?? 0 });
  }
  return kept.sort((one, other) => one.at - other.at).map(({ key }) => key);
}

function parsed(value: string | null): Kept | null {
  if (value === null) return null;
  try {
    const kept = JSON.parse(value) as Partial<Kept>;
    return typeof kept.text === 'string' && typeof kept.at === 'number' ? { text: kept.text, at: kept.at } : null;
  } catch {
    // Written by something else: no draft of ours.
    return null;
  }
}

/** Cursors are opaque to callers: base64url of a small JSON array. */
import { GluonError } from '../../../contract/errors.ts';

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws `bad_request` for anything that `encodeCursor` did not make with the same kinds of parts. */
export function decodeCursor<const K extends readonly ('string' | 'number')[]>(
  cursor: string,
  kinds: K,
): { [I in keyof K]: K[I] extends 'string' ? string : number } {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== kinds.length || parts.some((part, index) => typeof part !== kinds[index])) {
    throw new GluonError('bad_request', { why: 'the cursor is not one that a page of this list ended with' });
  }
  return parts as unknown as { [I in keyof K]: K[I] extends 'string' ? string : number };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: refused by the caller like every other wrong cursor.
    return null;
  }
}

/** A page from up to `limit + 1` items: the surplus one only tells that there are more. */
export function pageOf<T>(items: T[], limit: number, cursorOf: (last: T) => string): { items: T[]; next_cursor: string | null } {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, next_cursor: items.length > limit && last !== undefined ? cursorOf(last) : null };
}

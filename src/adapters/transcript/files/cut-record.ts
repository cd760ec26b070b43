/** A record that is too long for a transcript is cut; its whole text goes into a file of its own. */
export const MAX_RECORD_BYTES = 256 * 1024;
/** Text that stays of each long field. */
const KEPT_CHARS = 8_000;
const MAX_DEPTH = 8;
const MAX_ITEMS = 200;

export interface CutRecord {
  /** One line, without its newline. */
  line: string;
  /** The whole record, when the line is cut. */
  full: string | null;
}

/**
 * Newlines and every other control character are escaped by JSON: one record is one line, whatever it holds.
 * Without a name for its file the whole text is kept nowhere.
 */
export function cutRecord(record: Record<string, unknown>, fullName: string | null, maxBytes = MAX_RECORD_BYTES): CutRecord {
  const whole = JSON.stringify(record);
  if (Buffer.byteLength(whole) <= maxBytes) return { line: whole, full: null };
  const marks = fullName === null ? { cut: true } : { cut: true, full: fullName };
  const full = fullName === null ? null : whole;
  const keptChars = Math.min(KEPT_CHARS, Math.floor(maxBytes / 8));
  const line = JSON.stringify({ ...(shorten(record, keptChars, 0) as Record<string, unknown>), ...marks });
  if (Buffer.byteLength(line) <= maxBytes) return { line, full };
  const { seq, at, attempt, type } = record;
  return { line: JSON.stringify({ seq, at, attempt, type, ...marks }), full };
}

function shorten(value: unknown, keptChars: number, depth: number): unknown {
  if (typeof value === 'string')
    return value.length <= keptChars ? value : `${value.slice(0, keptChars)}… [cut, ${value.length} characters]`;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[cut]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => shorten(item, keptChars, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([key, item]) => [key.slice(0, 200), shorten(item, keptChars, depth + 1)]),
  );
}

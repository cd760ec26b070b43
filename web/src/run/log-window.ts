/** A part of a program's log, by bytes: grows at both ends, and lets go of what is far when it becomes too much. Pure. */

interface Read {
  readonly text: string;
  readonly offset: number;
  readonly next_offset: number;
}

export interface LogPart {
  /** Byte at which it begins; stable while it is shown. */
  readonly at: number;
  readonly text: string;
}

export interface LogWindow {
  /** Bytes before the first part. */
  readonly from: number;
  /** Behind the last part. */
  readonly to: number;
  readonly parts: readonly LogPart[];
}

export const NO_LOG: LogWindow = { from: 0, to: 0, parts: [] };

/** Lines are drawn one by one: more of them at once would hold the page up. */
const MOST_CHARS = 600_000;
/** A part of this length is closed at the end of its line: what comes then does not draw it again. */
const PART_CHARS = 16_384;

/** What comes after the window. A read that does not follow it begins a new one. `trim`: nobody reads its beginning, it may be let go. */
export function withLater(log: LogWindow, read: Read, trim: boolean): LogWindow {
  // An answer that was overtaken by another one brings nothing new.
  if (log.parts.length > 0 && read.offset >= log.from && read.next_offset <= log.to) return log;
  if (log.parts.length === 0 || read.offset !== log.to) {
    return { from: read.offset, to: read.next_offset, parts: read.text === '' ? [] : [{ at: read.offset, text: read.text }] };
  }
  if (read.text === '') return log;
  const last = log.parts.at(-1);
  const grows = last !== undefined && (last.text.length < PART_CHARS || !last.text.endsWith('\n'));
  const parts = grows
    ? [...log.parts.slice(0, -1), { at: last.at, text: last.text + read.text }]
    : [...log.parts, { at: read.offset, text: read.text }];
  const longer = { from: log.from, to: read.next_offset, parts };
  return trim ? bounded(longer) : longer;
}

/** What stands before the window; it grows as far as somebody asks. */
export function withEarlier(log: LogWindow, read: Read): LogWindow {
  if (read.offset >= log.from || read.text === '') return log;
  const [first, ...rest] = log.parts;
  // A line that the border of the two had cut is one line again.
  const parts =
    first === undefined || read.text.endsWith('\n')
      ? [{ at: read.offset, text: read.text }, ...log.parts]
      : [{ at: read.offset, text: read.text + first.text }, ...rest];
  return { from: read.offset, to: log.to, parts };
}

function bounded(log: LogWindow): LogWindow {
  let chars = log.parts.reduce((sum, part) => sum + part.text.length, 0);
  let drop = 0;
  while (chars > MOST_CHARS && drop < log.parts.length - 1) {
    chars -= log.parts[drop]?.text.length ?? 0;
    drop += 1;
  }
  return drop === 0 ? log : { ...log, from: log.parts[drop]?.at ?? log.from, parts: log.parts.slice(drop) };
}

/** Splits bytes into server-sent events (WHATWG HTML, "parsing an event stream"), wherever the bytes were cut. */

export interface EventStreamReader {
  push(chunk: Buffer): void;
  /** The stream is over: an event that lacks its closing blank line is handed out as well. */
  end(): void;
}

/** Events that need not be taken apart: nearly all of a long answer. */
export interface Skim {
  /** How such an event begins, up to its data. */
  readonly prefix: Buffer;
  /** An event that holds this is read all the same. */
  readonly unless: Buffer;
  /** Called with the size of its data. */
  onSkipped(bytes: number): void;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const DATA = Buffer.from('data:');
/** A longer event is skipped: it cannot hold usage, and memory stays flat. */
const MAX_EVENT_BYTES = 1024 * 1024;

/** Calls `onData` with the data of each event, but of those that `skim` tells. */
export function eventStreamReader(onData: (data: Buffer) => void, skim?: Skim): EventStreamReader {
  let partial: Buffer[] = [];
  let data: Buffer[] = [];
  let bytes = 0;
  let tooLong = false;
  let afterCr = false;

  const dispatch = (): void => {
    if (data.length > 0 && !tooLong) onData(data.length === 1 && data[0] !== undefined ? data[0] : joined(data));
    data = [];
    bytes = 0;
    tooLong = false;
  };

  const keep = (piece: Buffer): void => {
    bytes += piece.length;
    if (bytes > MAX_EVENT_BYTES) tooLong = true;
    // The beginning still tells a blank line from a long one.
    if (tooLong) partial = [DATA];
    else partial.push(piece);
  };

  const line = (last: Buffer): void => {
    const whole = partial.length === 0 ? last : Buffer.concat([...partial, last]);
    partial = [];
    if (whole.length === 0) {
      dispatch();
      return;
    }
    bytes += last.length;
    if (bytes > MAX_EVENT_BYTES) tooLong = true;
    if (tooLong || !isData(whole)) return;
    data.push(whole.subarray(whole[DATA.length] === SPACE ? DATA.length + 1 : DATA.length));
  };

  const betweenEvents = (): boolean => bytes === 0 && partial.length === 0 && data.length === 0;

  return {
    push(chunk) {
      let at = afterCr && chunk[0] === LF ? 1 : 0;
      if (chunk.length > 0) afterCr = false;
      let cr = chunk.indexOf(CR, at);
      const skipper = skim === undefined || cr >= 0 ? null : skipperOf(chunk, skim);
      while (at < chunk.length) {
        if (skipper !== null && betweenEvents()) {
          at = skipper(at);
          if (at === chunk.length) return;
        }
        if (cr >= 0 && cr < at) cr = chunk.indexOf(CR, at);
        const lf = chunk.indexOf(LF, at);
        const end = cr >= 0 && (lf < 0 || cr < lf) ? cr : lf;
        if (end < 0) return keep(chunk.subarray(at));
        line(chunk.subarray(at, end));
        const isCr = chunk[end] === CR;
        afterCr = isCr && end + 1 === chunk.length;
        at = end + (isCr && chunk[end + 1] === LF ? 2 : 1);
      }
    },
    end() {
      if (partial.length > 0) line(Buffer.alloc(0));
      dispatch();
    },
  };
}

/** Gives where the first event from `at` on begins that must be read, or is not whole. */
function skipperOf(chunk: Buffer, skim: Skim): (at: number) => number {
  const { prefix, unless } = skim;
  let next = chunk.indexOf(unless);
  return (from) => {
    let at = from;
    while (beginsAt(chunk, at, prefix)) {
      // One line of data, then an empty one.
      const end = chunk.indexOf(LF, at + prefix.length);
      if (end < 0 || chunk[end + 1] !== LF) return at;
      if (next >= 0 && next < at) next = chunk.indexOf(unless, at);
      if (next >= 0 && next < end) return at;
      skim.onSkipped(end - at - prefix.length);
      at = end + 2;
    }
    return at;
  };
}

/** Without a call into the runtime for each event. */
function beginsAt(chunk: Buffer, at: number, prefix: Buffer): boolean {
  if (at + prefix.length > chunk.length) return false;
  for (let index = 0; index < prefix.length; index += 1) if (chunk[at + index] !== prefix[index]) return false;
  return true;
}

/** Compared byte by byte: this runs for every line of every answer. */
function isData(line: Buffer): boolean {
  return line[0] === DATA[0] && line[4] === DATA[4] && line[1] === DATA[1] && line[2] === DATA[2] && line[3] === DATA[3];
}

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.from(lines.map((each) => each.toString('utf8')).join('\n'));
}

/**
 * Stands between the agent program's output and the SDK, which keeps a whole line in memory. A line that is too long is replaced by a
 * small message that says so, and reading stops while the consumer of events is behind.
 */
import { Transform, type TransformCallback } from 'node:stream';

/** The longest real message is an image that a tool read (about 5 MB as base64). */
export const MAX_LINE_BYTES = 8 * 1024 * 1024;
export const DROPPED_LINE = 'gluon_line_dropped';

export interface LineGuardOptions {
  maxLineBytes?: number;
  /** Resolves when there is room for more; asked before each chunk is passed on. */
  ready?: () => Promise<void>;
}

const NEWLINE = 0x0a;

export function lineGuard(options: LineGuardOptions = {}): Transform {
  const limit = options.maxLineBytes ?? MAX_LINE_BYTES;
  let held: Buffer[] = [];
  let heldBytes = 0;
  let dropping = false;
  let droppedBytes = 0;

  const take = (part: Buffer): void => {
    if (dropping) {
      droppedBytes += part.length;
      return;
    }
    held.push(part);
    heldBytes += part.length;
    if (heldBytes <= limit) return;
    dropping = true;
    droppedBytes = heldBytes;
    held = [];
    heldBytes = 0;
  };
  const endLine = (): Buffer => {
    const line = dropping ? Buffer.from(noteOf(droppedBytes)) : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    dropping = false;
    droppedBytes = 0;
    return line;
  };
  const passLines = (chunk: Buffer, out: Transform): void => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, end));
      out.push(Buffer.concat([endLine(), Buffer.of(NEWLINE)]));
      start = end + 1;
    }
    // Copied: the part of a chunk must not keep the whole chunk in memory.
    if (start < chunk.length) take(Buffer.from(chunk.subarray(start)));
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const pass = (): void => {
        passLines(chunk, this);
        done();
      };
      if (options.ready === undefined) pass();
      else options.ready().then(pass, done);
    },
    flush(done: TransformCallback) {
      if (heldBytes > 0 || dropping) this.push(endLine());
      done();
    },
  });
}

function noteOf(bytes: number): string {
  return JSON.stringify({ type: 'system', subtype: DROPPED_LINE, bytes });
}

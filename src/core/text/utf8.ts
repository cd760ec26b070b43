/** Bytes that a program wrote, as text, whatever the chunks they come in. */

export interface ByteDecoder {
  /** Text of the bytes that are complete; up to three bytes of a split character are held back. */
  push(bytes: Uint8Array): string;
  /** What is left: an unfinished character shows as its bytes. */
  end(): string;
}

/**
 * Decodes UTF-8 without losing anything: each byte that is not part of a well-formed sequence appears as `\xNN` (and so can be told
 * from real text and found again). The result does not depend on where the chunks are cut.
 */
export function byteDecoder(): ByteDecoder {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(bytes) {
      const all = held.length === 0 ? bytes : joined(held, bytes);
      const whole = all.length - unfinished(all);
      held = all.slice(whole);
      return decode(strict, all.subarray(0, whole));
    },
    end() {
      const rest = escaped(held, 0, held.length);
      held = new Uint8Array(0);
      return rest;
    },
  };
}

/** The same for bytes that are all there. */
export function decodeBytes(bytes: Uint8Array): string {
  const decoder = byteDecoder();
  return decoder.push(bytes) + decoder.end();
}

function decode(strict: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    // Some of it is not UTF-8: piece by piece.
    return decodePieces(strict, bytes);
  }
}

function decodePieces(strict: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  const out: string[] = [];
  let from = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    out.push(strict.decode(bytes.subarray(from, at)), escaped(bytes, at, at + 1));
    at += 1;
    from = at;
  }
  out.push(strict.decode(bytes.subarray(from)));
  return out.join('');
}

/** Length of the well-formed sequence at that place (table 3-7 of the Unicode standard); 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = announced(first);
  if (length === 0 || at + length > bytes.length) return 0;
  return wellFormed(bytes, at, length) ? length : 0;
}

function announced(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Whether the first `length` bytes at that place fit together. */
function wellFormed(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at] ?? 0;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    if (byte < lowest(first, index) || byte > highest(first, index)) return false;
  }
  return true;
}

function lowest(first: number, index: number): number {
  if (index > 1) return 0x80;
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

function highest(first: number, index: number): number {
  if (index > 1) return 0xbf;
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}

/** Bytes at the end that may become a character with the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const at = bytes.length - back;
    const length = announced(bytes[at] ?? 0);
    if (length > back && wellFormed(bytes, at, back)) return back;
  }
  return 0;
}

function escaped(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
  return text;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

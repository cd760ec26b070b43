/**
 * `messages.idx`: one entry of 16 bytes per record, so that a window or a filter is found without reading the records.
 * Layout, little-endian: offset (6 bytes) · type (1) · marks (1) · seq (4) · length with its newline (4).
 * Marks are the flags of `core/transcript/kinds`, with the highest bit set: an index of before, where it is not, is made again.
 * It can always be made again from `messages.jsonl`, which alone is the truth.
 */
import { TRANSCRIPT_TYPES } from '../../../contract/resources.ts';

export const ENTRY_BYTES = 16;

export interface IndexEntry {
  offset: number;
  /** Position in TRANSCRIPT_TYPES. */
  type: number;
  flags: number;
  seq: number;
  length: number;
}

const CODES = new Map<string, number>(TRANSCRIPT_TYPES.map((type, code) => [type, code]));
const UNKNOWN_TYPE = 255;

export function typeCode(type: string): number {
  return CODES.get(type) ?? UNKNOWN_TYPE;
}

/** Set in the marks of every entry. */
const MARKED = 0x80;

export function encodeEntries(entries: readonly IndexEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [at, entry] of entries.entries()) {
    const base = at * ENTRY_BYTES;
    bytes.writeUIntLE(entry.offset, base, 6);
    bytes.writeUInt8(entry.type, base + 6);
    bytes.writeUInt8(entry.flags | MARKED, base + 7);
    bytes.writeUInt32LE(entry.seq, base + 8);
    bytes.writeUInt32LE(entry.length, base + 12);
  }
  return bytes;
}

/** An entry without marks has a length of 0, which no record has. */
export function decodeEntry(bytes: Buffer, at: number): IndexEntry {
  const base = at * ENTRY_BYTES;
  const marks = bytes.readUInt8(base + 7);
  return {
    offset: bytes.readUIntLE(base, 6),
    type: bytes.readUInt8(base + 6),
    flags: marks & ~MARKED,
    seq: bytes.readUInt32LE(base + 8),
    length: marks < MARKED ? 0 : bytes.readUInt32LE(base + 12),
  };
}

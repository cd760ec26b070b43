/**
 * `messages.idx`: one entry of 16 bytes per record, so that a window or a filter is found without reading the records.
 * Layout, little-endian: offset (6 bytes) · type (1) · unused (1) · seq (4) · length with its newline (4).
 * It can always be made again from `messages.jsonl`, which alone is the truth.
 */
import { TRANSCRIPT_TYPES } from '../../../contract/resources.ts';

export const ENTRY_BYTES = 16;

export interface IndexEntry {
  offset: number;
  /** Position in TRANSCRIPT_TYPES. */
  type: number;
  seq: number;
  length: number;
}

const CODES = new Map<string, number>(TRANSCRIPT_TYPES.map((type, code) => [type, code]));
const UNKNOWN_TYPE = 255;

export function typeCode(type: string): number {
  return CODES.get(type) ?? UNKNOWN_TYPE;
}

export function encodeEntries(entries: readonly IndexEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
  for (const [at, entry] of entries.entries()) {
    const base = at * ENTRY_BYTES;
    bytes.writeUIntLE(entry.offset, base, 6);
    bytes.writeUInt8(entry.type, base + 6);
    bytes.writeUInt32LE(entry.seq, base + 8);
    bytes.writeUInt32LE(entry.length, base + 12);
  }
  return bytes;
}

export function decodeEntry(bytes: Buffer, at: number): IndexEntry {
  const base = at * ENTRY_BYTES;
  return {
    offset: bytes.readUIntLE(base, 6),
    type: bytes.readUInt8(base + 6),
    seq: bytes.readUInt32LE(base + 8),
    length: bytes.readUInt32LE(base + 12),
  };
}

/** Reads records forward from an offset to make index entries for them, in chunks: memory does not grow with the file. */
import type { FileHandle } from 'node:fs/promises';
import { flagsOf } from '../../../core/transcript/kinds.ts';
import { type IndexEntry, typeCode } from './record-index.ts';

const CHUNK_BYTES = 1024 * 1024;
export const NEWLINE = 10;

export interface Scan {
  entries: IndexEntry[];
  /** Where the last whole record ends. */
  end: number;
  /** Bytes behind it: a half-written record. */
  tornBytes: number;
}

export async function scanRecords(file: FileHandle, from: number): Promise<Scan> {
  const { size } = await file.stat();
  const entries: IndexEntry[] = [];
  let end = from;
  let rest: Buffer = Buffer.alloc(0);
  for (let position = from; position < size; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let data: Buffer = rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    for (let newline = data.indexOf(NEWLINE); newline !== -1; newline = data.indexOf(NEWLINE)) {
      const entry = entryOf(data.subarray(0, newline), end);
      // A line that is no record (overwritten by somebody) ends what can be trusted.
      if (entry === null) return { entries, end, tornBytes: size - end };
      entries.push(entry);
      end += newline + 1;
      data = data.subarray(newline + 1);
    }
    rest = Buffer.from(data);
  }
  return { entries, end, tornBytes: size - end };
}

export function entryOf(line: Buffer, offset: number): IndexEntry | null {
  try {
    const record = JSON.parse(line.toString()) as Record<string, unknown>;
    if (typeof record.seq !== 'number' || typeof record.type !== 'string') return null;
    return { offset, type: typeCode(record.type), flags: flagsOf(record), seq: record.seq, length: line.length + 1 };
  } catch {
    // Half of a record, or something else: the caller puts it aside.
    return null;
  }
}

/** A window of a transcript by number, type and text. Only the index and the records of the window are read. */
import { TRANSCRIPT_TYPES, type TranscriptRecord } from '../../../contract/resources.ts';
import { isOfKind } from '../../../core/transcript/kinds.ts';
import type { TranscriptQuery, TranscriptWindow } from '../../../ports/transcript.ts';
import { type OpenedTranscript, readEntries } from './opened-transcript.ts';
import { type IndexEntry, typeCode } from './record-index.ts';

/** One answer holds at most this much text, so that a few huge records cannot fill the memory. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
/** A search that finds little gives up after so many records; the next window goes on from there. */
const MAX_SEARCHED = 200_000;
const CHUNK_ENTRIES = 2_048;
const BLOCK_BYTES = 512 * 1024;
const USUAL_RECORD_BYTES = 1024;

export type FoundRecords = Pick<TranscriptWindow, 'items' | 'next_after' | 'next_before'>;

/** Ascending by number. Forward from `after`; else the last ones (before `before`). */
export async function readWindow(transcript: OpenedTranscript, query: TranscriptQuery, maxSearched = MAX_SEARCHED): Promise<FoundRecords> {
  const forward = query.after !== undefined;
  const wants = entryFilter(query);
  const wanted = query.search?.toLowerCase() ?? '';
  const blockBytes = wanted === '' ? Math.min(BLOCK_BYTES, query.limit * USUAL_RECORD_BYTES) : BLOCK_BYTES;
  const textOf =
    wants !== null && wanted === '' ? (entry: IndexEntry) => readRecord(transcript, entry) : inBlocks(transcript, forward, blockBytes);
  const items: TranscriptRecord[] = [];
  let bytes = 0;
  let left = maxSearched;
  let last: number | null = null;
  for await (const entry of entriesOf(transcript, query)) {
    if (items.length >= query.limit || bytes >= MAX_WINDOW_BYTES || left === 0) {
      return forward ? { items, next_after: last, next_before: null } : { items: items.reverse(), next_after: null, next_before: last };
    }
    left -= 1;
    last = entry.seq;
    if (wants !== null && !wants(entry)) continue;
    const text = await textOf(entry);
    if (wanted !== '' && !text.toLowerCase().includes(wanted)) continue;
    bytes += entry.length;
    items.push(JSON.parse(text) as TranscriptRecord);
  }
  return { items: forward ? items : items.reverse(), next_after: null, next_before: null };
}

/** By what the index knows; null: all of them. */
function entryFilter({ types = [], kinds = [] }: TranscriptQuery): ((entry: IndexEntry) => boolean) | null {
  if (types.length === 0 && kinds.length === 0) return null;
  const codes = new Set(types.map(typeCode));
  const isOfType = (entry: IndexEntry) => codes.size === 0 || codes.has(entry.type);
  if (kinds.length === 0) return isOfType;
  return (entry) => isOfType(entry) && kinds.some((kind) => isOfKind(kind, TRANSCRIPT_TYPES[entry.type] ?? '', entry.flags));
}

/** In the order in which they are looked at. */
async function* entriesOf(transcript: OpenedTranscript, query: TranscriptQuery): AsyncGenerator<IndexEntry> {
  const forward = query.after !== undefined;
  let low = query.after === undefined ? 0 : clamp(query.after - transcript.firstSeq + 1, transcript.entries);
  let high = query.before === undefined ? transcript.entries : clamp(query.before - transcript.firstSeq, transcript.entries);
  while (low < high) {
    const from = forward ? low : Math.max(low, high - CHUNK_ENTRIES);
    const to = forward ? Math.min(high, low + CHUNK_ENTRIES) : high;
    const entries = await readEntries(transcript, from, to);
    yield* forward ? entries : entries.reverse();
    if (forward) low = to;
    else high = from;
  }
}

function clamp(position: number, entries: number): number {
  return Math.max(0, Math.min(entries, position));
}

/** The text of one record, without its newline. */
export async function readRecord(transcript: OpenedTranscript, entry: IndexEntry): Promise<string> {
  const bytes = Buffer.alloc(entry.length - 1);
  await transcript.records.read(bytes, 0, bytes.length, entry.offset);
  return bytes.toString();
}

/** For records that are looked at one after the other: reads many of them at once. */
function inBlocks(transcript: OpenedTranscript, forward: boolean, blockBytes: number): (entry: IndexEntry) => Promise<string> {
  let start = 0;
  let block: Buffer = Buffer.alloc(0);
  return async ({ offset, length }) => {
    if (offset < start || offset + length > start + block.length) {
      const size = Math.max(length, Math.min(blockBytes, forward ? transcript.size - offset : offset + length));
      start = forward ? offset : offset + length - size;
      block = Buffer.alloc(size);
      await transcript.records.read(block, 0, size, start);
    }
    return block.toString('utf8', offset - start, offset - start + length - 1);
  };
}

/** One transcript, opened: its two files, where they end, and how many records of each type there are. */
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TRANSCRIPT_TYPES } from '../../../contract/resources.ts';
import { countMessage, type MessageCounts, noCounts } from '../../../core/transcript/kinds.ts';
import { type Ledger, readLedger, sideBytes } from './budget.ts';
import { decodeEntry, ENTRY_BYTES, encodeEntries, type IndexEntry } from './record-index.ts';
import { entryOf, NEWLINE, scanRecords } from './scan-records.ts';

export interface OpenedTranscript {
  readonly folder: string;
  records: FileHandle;
  index: FileHandle;
  /** Bytes of whole records. */
  size: number;
  entries: number;
  firstSeq: number;
  lastSeq: number;
  counts: Record<string, number>;
  kinds: MessageCounts;
  /** Bytes of a half-written record were found and put aside. */
  repaired: boolean;
  /** Bytes of the whole records beside those that were cut. */
  sideBytes: number;
  ledger: Ledger;
  /** Budget of the run. */
  readonly maxBytes: number;
}

export const RECORDS = 'messages.jsonl';
export const INDEX = 'messages.idx';
const TORN = 'messages.torn';
const CHUNK_ENTRIES = 65_536;

/** Opens or makes the files, mends a half-written end, and brings the index up to the records. */
export async function openTranscript(folder: string, maxBytes: number): Promise<OpenedTranscript> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const records = await open(join(folder, RECORDS), 'a+', 0o600);
  const index = await open(join(folder, INDEX), 'a+', 0o600);
  const transcript: OpenedTranscript = {
    folder,
    records,
    index,
    size: 0,
    entries: 0,
    firstSeq: 1,
    lastSeq: 0,
    counts: {},
    kinds: noCounts(),
    repaired: false,
    sideBytes: await sideBytes(folder),
    ledger: await readLedger(folder),
    maxBytes,
  };
  await readIndex(transcript);
  if (!(await endsOnRecord(transcript))) await forgetIndex(transcript);
  const found = await scanRecords(records, transcript.size);
  if (found.entries.length > 0) await appendEntries(transcript, found.entries);
  transcript.size = found.end;
  if (found.tornBytes > 0) await putAside(transcript, found.tornBytes);
  return transcript;
}

/** Takes over the entries that fit the records; what does not is dropped and scanned again. */
async function readIndex(transcript: OpenedTranscript): Promise<void> {
  const { size } = await transcript.records.stat();
  const { size: indexSize } = await transcript.index.stat();
  const total = Math.floor(indexSize / ENTRY_BYTES);
  for (let from = 0; from < total; from += CHUNK_ENTRIES) {
    const wanted = Math.min(CHUNK_ENTRIES, total - from);
    const bytes = Buffer.alloc(wanted * ENTRY_BYTES);
    await transcript.index.read(bytes, 0, bytes.length, from * ENTRY_BYTES);
    for (let at = 0; at < wanted; at += 1) {
      const entry = decodeEntry(bytes, at);
      const next = transcript.entries === 0 ? entry.seq : transcript.lastSeq + 1;
      const fits = entry.offset === transcript.size && entry.seq === next && entry.length > 0 && entry.offset + entry.length <= size;
      if (!fits) return transcript.index.truncate(transcript.entries * ENTRY_BYTES);
      count(transcript, entry);
    }
  }
  if (indexSize % ENTRY_BYTES !== 0) await transcript.index.truncate(total * ENTRY_BYTES);
}

/** The last indexed record must be where the index says, or the index belongs to other bytes. */
async function endsOnRecord(transcript: OpenedTranscript): Promise<boolean> {
  if (transcript.entries === 0) return true;
  const [last] = await readEntries(transcript, transcript.entries - 1, transcript.entries);
  if (last === undefined) return false;
  const bytes = Buffer.alloc(last.length);
  await transcript.records.read(bytes, 0, bytes.length, last.offset);
  return (
    bytes.at(-1) === NEWLINE && bytes.indexOf(NEWLINE) === bytes.length - 1 && entryOf(bytes.subarray(0, -1), last.offset)?.seq === last.seq
  );
}

async function forgetIndex(transcript: OpenedTranscript): Promise<void> {
  await transcript.index.truncate(0);
  Object.assign(transcript, { size: 0, entries: 0, firstSeq: 1, lastSeq: 0, counts: {}, kinds: noCounts() });
}

function count(transcript: OpenedTranscript, entry: IndexEntry): void {
  if (transcript.entries === 0) transcript.firstSeq = entry.seq;
  transcript.entries += 1;
  transcript.lastSeq = entry.seq;
  transcript.size = entry.offset + entry.length;
  const type = TRANSCRIPT_TYPES[entry.type];
  if (type === undefined) return;
  transcript.counts[type] = (transcript.counts[type] ?? 0) + 1;
  countMessage(transcript.kinds, type, entry.flags);
}

export async function appendEntries(transcript: OpenedTranscript, entries: IndexEntry[]): Promise<void> {
  await transcript.index.appendFile(encodeEntries(entries));
  for (const entry of entries) count(transcript, entry);
}

async function putAside(transcript: OpenedTranscript, bytes: number): Promise<void> {
  const torn = Buffer.alloc(Math.min(bytes, 1024 * 1024));
  await transcript.records.read(torn, 0, torn.length, transcript.size);
  await writeFile(join(transcript.folder, TORN), torn, { mode: 0o600 });
  await transcript.records.truncate(transcript.size);
  transcript.repaired = true;
}

/** What the run takes of its budget. */
export function usedBytes(transcript: OpenedTranscript): number {
  return transcript.size + transcript.sideBytes + transcript.ledger.elsewhere;
}

/** Entries `from` to `to` (positions, `to` not included). */
export async function readEntries(transcript: OpenedTranscript, from: number, to: number): Promise<IndexEntry[]> {
  const bytes = Buffer.alloc((to - from) * ENTRY_BYTES);
  await transcript.index.read(bytes, 0, bytes.length, from * ENTRY_BYTES);
  return Array.from({ length: to - from }, (_, at) => decodeEntry(bytes, at));
}

export async function closeTranscript(transcript: OpenedTranscript): Promise<void> {
  await transcript.records.close();
  await transcript.index.close();
}

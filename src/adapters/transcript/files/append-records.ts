/** Numbers records and writes them, within the budget of the run. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptRecord } from '../../../contract/resources.ts';
import { flagsOf } from '../../../core/transcript/kinds.ts';
import type { NewRecord } from '../../../ports/transcript.ts';
import { BUDGET_SPENT, isKeptBeyond, type Ledger, RESERVE, SHORT_RECORD_BYTES, SIDE_FOLDER, writeLedger } from './budget.ts';
import { cutRecord } from './cut-record.ts';
import { appendEntries, type OpenedTranscript, usedBytes } from './opened-transcript.ts';
import { type IndexEntry, typeCode } from './record-index.ts';

type StampedRecord = NewRecord & { at: string };

/** What one call is about to write. Nothing of it counts before it is written. */
interface Batch {
  written: TranscriptRecord[];
  lines: string[];
  entries: IndexEntry[];
  sides: { seq: number; text: string }[];
  /** Bytes of the run with this batch. */
  used: number;
  sideBytes: number;
  ledger: Ledger;
}

/** The bytes are with the system when it resolves. Gives the records that were kept, as they stand in the file. */
export async function appendRecords(transcript: OpenedTranscript, news: readonly StampedRecord[]): Promise<TranscriptRecord[]> {
  const batch: Batch = {
    written: [],
    lines: [],
    entries: [],
    sides: [],
    used: usedBytes(transcript),
    sideBytes: 0,
    ledger: { ...transcript.ledger },
  };
  for (const record of news) plan(transcript, batch, record);
  await write(transcript, batch);
  const { spent, dropped } = transcript.ledger;
  transcript.ledger = batch.ledger;
  if (batch.ledger.spent !== spent || batch.ledger.dropped !== dropped) await writeLedger(transcript.folder, batch.ledger);
  return batch.written;
}

function plan(transcript: OpenedTranscript, batch: Batch, record: StampedRecord): void {
  if (!batch.ledger.spent) {
    const numbered = numberedAs(transcript, batch, record);
    const { line, full } = cutRecord(numbered, `${SIDE_FOLDER}/${numbered.seq}.json`);
    const side = full === null ? 0 : Buffer.byteLength(full);
    if (batch.used + lengthOf(line) + side <= transcript.maxBytes) {
      if (full !== null) batch.sides.push({ seq: numbered.seq, text: full });
      batch.sideBytes += side;
      batch.used += side;
      add(transcript, batch, line, full === null ? numbered : (JSON.parse(line) as TranscriptRecord));
      return;
    }
    batch.ledger.spent = true;
    keepShort(transcript, batch, { at: record.at, attempt: record.attempt, type: 'error', text: BUDGET_SPENT });
  }
  keepShort(transcript, batch, record);
}

/** Beyond the budget, and even that only to an end. */
function keepShort(transcript: OpenedTranscript, batch: Batch, record: StampedRecord): void {
  const numbered = numberedAs(transcript, batch, record);
  const { line } = cutRecord(numbered, null, SHORT_RECORD_BYTES);
  const fits = batch.used + lengthOf(line) <= transcript.maxBytes * (1 + RESERVE);
  if (isKeptBeyond(numbered.type) && fits) add(transcript, batch, line, JSON.parse(line) as TranscriptRecord);
  else batch.ledger.dropped += 1;
}

function numberedAs(transcript: OpenedTranscript, batch: Batch, record: StampedRecord): TranscriptRecord {
  return { seq: transcript.lastSeq + 1 + batch.written.length, ...record } as TranscriptRecord;
}

function add(transcript: OpenedTranscript, batch: Batch, line: string, shown: TranscriptRecord): void {
  const last = batch.entries.at(-1);
  const offset = last === undefined ? transcript.size : last.offset + last.length;
  const length = lengthOf(line);
  batch.lines.push(`${line}\n`);
  batch.entries.push({ offset, type: typeCode(shown.type), flags: flagsOf(shown), seq: shown.seq, length });
  batch.used += length;
  batch.written.push(shown);
}

const lengthOf = (line: string): number => Buffer.byteLength(line) + 1;

/** Side files first: a record never names one that is not there. */
async function write(transcript: OpenedTranscript, batch: Batch): Promise<void> {
  if (batch.lines.length === 0) return;
  const folder = join(transcript.folder, SIDE_FOLDER);
  try {
    if (batch.sides.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const { seq, text } of batch.sides) await writeFile(join(folder, `${seq}.json`), text, { mode: 0o600 });
    await transcript.records.appendFile(batch.lines.join(''));
  } catch (error) {
    // A full disk may have taken half of it: back to the last whole record, so that the next one starts on a line of its own.
    await transcript.records.truncate(transcript.size);
    for (const { seq } of batch.sides) await rm(join(folder, `${seq}.json`), { force: true });
    throw error;
  }
  transcript.sideBytes += batch.sideBytes;
  await appendEntries(transcript, batch.entries);
}

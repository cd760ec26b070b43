/** One record with everything in it, also when its line was cut. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import type { TranscriptRecord } from '../../../contract/resources.ts';
import { SIDE_FOLDER } from './budget.ts';
import { type OpenedTranscript, readEntries } from './opened-transcript.ts';
import { readRecord } from './read-window.ts';

/** An answer is held whole in memory, here and by whoever asked. */
export const MAX_WHOLE_BYTES = 32 * 1024 * 1024;

/** Null when there is no record of that number. As cut when the file beside it is gone. Throws `too_large`. */
export async function wholeRecord(transcript: OpenedTranscript, seq: number): Promise<TranscriptRecord | null> {
  const position = seq - transcript.firstSeq;
  if (position < 0 || position >= transcript.entries) return null;
  const [entry] = await readEntries(transcript, position, position + 1);
  if (entry === undefined) return null;
  const record = JSON.parse(await readRecord(transcript, entry)) as TranscriptRecord;
  if (record.cut !== true) return record;
  // Never the name in the record: what is read is decided here.
  return (await sideFile(join(transcript.folder, SIDE_FOLDER, `${seq}.json`), seq)) ?? record;
}

async function sideFile(path: string, seq: number): Promise<TranscriptRecord | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size > MAX_WHOLE_BYTES) throw new GluonError('too_large', { what: `record ${seq}`, limit: '32 MiB' });
    return JSON.parse(await file.readFile('utf8')) as TranscriptRecord;
  } finally {
    await file.close();
  }
}

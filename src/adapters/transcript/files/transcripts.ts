/** Transcripts as files, one folder per run. Everything about one run happens in order; runs do not wait for one another. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';
import type { TranscriptRecord } from '../../../contract/resources.ts';
import { noCounts } from '../../../core/transcript/kinds.ts';
import type { Clock } from '../../../ports/system.ts';
import type { NewRecord, Transcripts } from '../../../ports/transcript.ts';
import { appendRecords } from './append-records.ts';
import { MAX_RUN_BYTES, writeLedger } from './budget.ts';
import { copyTranscript } from './copy-transcript.ts';
import { closeTranscript, INDEX, type OpenedTranscript, openTranscript, RECORDS, usedBytes } from './opened-transcript.ts';
import { appendProgramLog, readProgramLog } from './program-log.ts';
import { readWindow } from './read-window.ts';
import { wholeRecord } from './whole-record.ts';

export interface TranscriptFileOptions {
  logFolder: (runId: string) => string;
  clock: Clock;
  /** The files of a live transcript were removed by somebody else. */
  onLost?: (runId: string) => void;
  /** Budget of one run, in bytes. */
  maxRunBytes?: number;
}

/** Transcripts that are open at the same time; those that were not used for longest are closed. */
const MAX_OPEN = 64;

export function transcriptFiles(options: TranscriptFileOptions): Transcripts {
  const { maxRunBytes = MAX_RUN_BYTES } = options;
  const opened = new Map<string, OpenedTranscript>();
  /** The last task of each run, so that the next one waits for it. */
  const tails = new Map<string, Promise<unknown>>();

  function inOrder<T>(runId: string, task: () => Promise<T>): Promise<T> {
    const done = (tails.get(runId) ?? Promise.resolve()).then(task, task);
    const tail = done.catch(() => {
      // The caller of that task hears of its failure; the next one starts afresh.
    });
    tails.set(runId, tail);
    void tail.then(() => {
      if (tails.get(runId) === tail) tails.delete(runId);
    });
    return done;
  }

  async function get(runId: string): Promise<OpenedTranscript> {
    const known = opened.get(runId);
    opened.delete(runId);
    const transcript = known ?? (await openTranscript(options.logFolder(runId), maxRunBytes));
    opened.set(runId, transcript);
    if (opened.size > MAX_OPEN) await closeOldest();
    return transcript;
  }

  /** Asking makes no folder. */
  async function find(runId: string): Promise<OpenedTranscript | null> {
    return opened.has(runId) || (await isThere(join(options.logFolder(runId), RECORDS))) ? get(runId) : null;
  }

  /** Those that are at work stay open; many at once are closed when the next one is asked for. */
  async function closeOldest(): Promise<void> {
    for (const [runId, transcript] of opened) {
      if (opened.size <= MAX_OPEN) return;
      if (tails.has(runId)) continue;
      opened.delete(runId);
      await closeTranscript(transcript);
    }
  }

  async function forget(runId: string): Promise<void> {
    const transcript = opened.get(runId);
    opened.delete(runId);
    if (transcript !== undefined) await closeTranscript(transcript);
  }

  /** Somebody removed the file while we had it open: the numbering goes on in a new one, and it says so. */
  async function whole(runId: string, transcript: OpenedTranscript, attempt: number): Promise<OpenedTranscript> {
    const facts = await transcript.records.stat();
    if (facts.nlink > 0 && facts.size === transcript.size) return transcript;
    const { lastSeq } = transcript;
    await forget(runId);
    await rm(join(transcript.folder, INDEX), { force: true });
    const next = await get(runId);
    next.lastSeq = Math.max(next.lastSeq, lastSeq);
    const at = stamp();
    await appendRecords(next, [{ at, attempt, type: 'error', text: 'What came before was removed from the transcript by somebody else.' }]);
    options.onLost?.(runId);
    return next;
  }

  const stamp = () => new Date(options.clock.nowMs()).toISOString();

  async function append(runId: string, records: NewRecord[]): Promise<TranscriptRecord[]> {
    const transcript = await whole(runId, await get(runId), Number(records[0]?.attempt ?? 0));
    const at = stamp();
    return appendRecords(
      transcript,
      records.map((record) => ({ at, ...record })),
    );
  }

  return {
    append: (runId, records) => inOrder(runId, () => failing(() => append(runId, records))),
    read: (runId, query) =>
      inOrder(runId, async () => {
        const transcript = await find(runId);
        if (transcript === null) return { items: [], last_seq: 0, counts: {}, next_after: null, next_before: null };
        const { lastSeq, counts } = transcript;
        return { ...(await readWindow(transcript, query)), last_seq: lastSeq, counts: { ...counts } };
      }),
    counts: (runId) =>
      inOrder(runId, async () => {
        const transcript = await find(runId);
        return transcript === null ? { last_seq: 0, ...noCounts() } : { last_seq: transcript.lastSeq, ...transcript.kinds };
      }),
    full: (runId, seq) =>
      inOrder(runId, async () => {
        const transcript = await find(runId);
        return transcript === null ? null : wholeRecord(transcript, seq);
      }),
    spend: (runId, bytes) =>
      inOrder(runId, async () => {
        const transcript = await get(runId);
        if (transcript.ledger.spent || usedBytes(transcript) + bytes > transcript.maxBytes) return false;
        transcript.ledger = { ...transcript.ledger, elsewhere: transcript.ledger.elsewhere + bytes };
        await failing(() => writeLedger(transcript.folder, transcript.ledger));
        return true;
      }),
    appendLog: (runId, stream, bytes) => failing(() => appendProgramLog(options.logFolder(runId), stream, bytes)),
    readLog: (runId, stream, offset, limit) => readProgramLog(options.logFolder(runId), stream, offset, limit),
    repair: (runId) =>
      inOrder(runId, async () => {
        await forget(runId);
        const lost = !(await isThere(join(options.logFolder(runId), RECORDS)));
        const { lastSeq, repaired } = await get(runId);
        return { last_seq: lastSeq, repaired, lost };
      }),
    copy: (from, to) =>
      inOrder(from, async () => {
        await failing(() => copyTranscript(options.logFolder(from), options.logFolder(to)));
        return (await get(to)).lastSeq;
      }),
    remove: (runId) =>
      inOrder(runId, async () => {
        await forget(runId);
        await rm(options.logFolder(runId), { recursive: true, force: true });
      }),
    async close() {
      await Promise.all(tails.values());
      for (const runId of [...opened.keys()]) await forget(runId);
    },
  };
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
      throw error;
    },
  );
}

async function failing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new GluonError('disk_full', { path: 'the transcript' }, { cause: error });
    throw error;
  }
}

/** Transcript and program logs of a run, as files: append-only, read in windows. */
import type { TranscriptRecord } from '../contract/resources.ts';
import type { MessageCounts, MessageKind } from '../core/transcript/kinds.ts';

export type NewRecord = Omit<TranscriptRecord, 'seq' | 'at'> & { [field: string]: unknown };

export interface TranscriptWindow {
  items: TranscriptRecord[];
  last_seq: number;
  /** Records per type over the whole transcript. */
  counts: Record<string, number>;
  /** Reading forward stopped before the end: the next window comes after this number. Null when nothing is left, or backward. */
  next_after: number | null;
  /** Reading backward stopped before the beginning: the next window comes before this number. */
  next_before: number | null;
}

export interface TranscriptQuery {
  after?: number;
  before?: number;
  types?: string[];
  /** Records that any of these filters shows. */
  kinds?: MessageKind[];
  search?: string;
  limit: number;
}

export interface Transcripts {
  /**
   * Appends in order and gives each record its number. Redaction and sanitising happened before. Records over 256 KiB are cut, with
   * the full text in a side file. Resolves when the bytes are handed to the system. Memory does not grow with the file.
   * A run has a budget of bytes. When it is spent one record of type `error` says so; from then on only the most important types are
   * kept, cut short. The result holds the records that were kept.
   */
  append(runId: string, records: NewRecord[]): Promise<TranscriptRecord[]>;
  read(runId: string, query: TranscriptQuery): Promise<TranscriptWindow>;
  /** How many records each filter shows; costs nothing that grows with the transcript once it is open. */
  counts(runId: string): Promise<MessageCounts & { last_seq: number }>;
  /** A record with everything in it, also when it was cut; null when there is none of that number. Throws `too_large` over 32 MiB. */
  full(runId: string, seq: number): Promise<TranscriptRecord | null>;
  /** Counts bytes that are stored for the run elsewhere (images of its tools) towards its budget. False: too many, do not store them. */
  spend(runId: string, bytes: number): Promise<boolean>;
  appendLog(runId: string, stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>;
  readLog(
    runId: string,
    stream: 'stdout' | 'stderr',
    offset: number | undefined,
    limit: number,
  ): Promise<{ text: string; offset: number; next_offset: number; total_bytes: number }>;
  /** Repairs a half-written last record and gives what was found; called at start for runs that were live. */
  repair(runId: string): Promise<{ last_seq: number; repaired: boolean; lost: boolean }>;
  /** Copies the transcript of one run, with what was cut from it, as the beginning of another's (fork). */
  copy(fromRunId: string, toRunId: string): Promise<number>;
  remove(runId: string): Promise<void>;
  close(): Promise<void>;
}

/** Images, stored once by the SHA-256 of their bytes. */
export interface ImageFiles {
  /** Checks content and decoded size; throws `attachment_invalid` or `too_large`. */
  store(bytes: Uint8Array): Promise<{
    id: string;
    media_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
    bytes: number;
    width: number;
    height: number;
  }>;
  read(id: string): Promise<Uint8Array | null>;
}

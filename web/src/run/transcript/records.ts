/** Reading transcript records safely: everything in them was written by an agent, a repository or a person, and may be anything. */
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Ids come from records: what is none is asked for nowhere. */
export function isAttachmentId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}

/** Characters that a record keeps in memory, roughly: its long texts. */
export function weightOf(record: TranscriptRecord): number {
  return 300 + charsOf(record, 3);
}

function charsOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  if (depth === 0) return 64;
  let chars = 0;
  for (const each of Object.values(value)) chars += charsOf(each, depth - 1);
  return chars;
}

/** A tool call with what came of it. A new object whenever something of it changes. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: Fields;
  /** One line about it, by the server. */
  readonly summary: string;
  /** Number and time of the call; of its result where the call lies before the window. */
  readonly seq: number;
  readonly at: string;
  /** False: only the result is known. */
  readonly called: boolean;
  readonly result: CallResult | null;
  /** Ids of attachments. */
  readonly screenshots: readonly string[];
  /** A record of it is shown cut: number of the record that has the rest. */
  readonly cut: number | null;
}

export interface CallResult {
  readonly ok: boolean;
  readonly output: string;
  readonly detail: Fields;
  readonly seq: number;
  /** From the call to its result; null when the call is not known. */
  readonly tookMs: number | null;
}

export function callOf(record: TranscriptRecord): Call {
  return {
    id: textOf(record.id),
    name: textOf(record.name),
    input: fieldsOf(record.input),
    summary: textOf(record.summary),
    seq: record.seq,
    at: record.at,
    called: true,
    result: null,
    screenshots: [],
    cut: record.cut === undefined ? null : record.seq,
  };
}

export function withResult(call: Call, record: TranscriptRecord): Call {
  const took = call.called ? Date.parse(record.at) - Date.parse(call.at) : Number.NaN;
  return {
    ...call,
    result: {
      ok: record.ok !== false,
      output: textOf(record.output),
      detail: fieldsOf(record.detail),
      seq: record.seq,
      tookMs: Number.isFinite(took) && took >= 0 ? took : null,
    },
    cut: record.cut === undefined ? call.cut : record.seq,
  };
}

/** A result whose call lies before the window, or behind the filter. */
export function orphan(record: TranscriptRecord): Call {
  const call: Call = { ...callOf(record), input: {}, summary: '', called: false };
  return withResult(call, record);
}

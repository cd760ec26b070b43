/** How much of the disk one run may take: an agent decides how much it says, so Gluon decides where that ends. */
import { lstat, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptRecord } from '../../../contract/resources.ts';

/**
 * Records, their side files, and what is charged to the run for files elsewhere, together. A day of work writes some ten megabytes; fifty times that is
 * no work any more, and twenty such runs still fit on a small disk.
 */
export const MAX_RUN_BYTES = 512 * 1024 * 1024;
/** Part of the budget that short records may take beyond it: how the run went on and ended stays readable. */
export const RESERVE = 1 / 16;
/** Longest record beyond the budget. */
export const SHORT_RECORD_BYTES = 16 * 1024;
export const BUDGET_SPENT =
  'The transcript of this run has reached its size limit. From here on only its most important records are kept, and those cut short.';

const KEPT: ReadonlySet<TranscriptRecord['type']> = new Set(['result', 'error', 'question', 'usage', 'user']);
export const isKeptBeyond = (type: TranscriptRecord['type']): boolean => KEPT.has(type);

export const SIDE_FOLDER = 'records';
export const isSideFile = (name: string): boolean => /^[1-9]\d{0,9}\.json$/.test(name);
export const LEDGER = 'messages.budget';

/** What the records themselves do not tell. */
export interface Ledger {
  /** The limit was reached and said so. */
  spent: boolean;
  /** Records that were not kept. */
  dropped: number;
  /** Bytes stored for the run in other places. */
  elsewhere: number;
}

/** Nothing yet, when there is no such file or it is half-written: the limit is then reached, and told, once more. */
export async function readLedger(folder: string): Promise<Ledger> {
  const text = await readFile(join(folder, LEDGER), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const { spent, dropped, elsewhere } = parsed(text);
  return { spent: spent === true, dropped: wholeNumber(dropped), elsewhere: wholeNumber(elsewhere) };
}

export async function writeLedger(folder: string, ledger: Ledger): Promise<void> {
  const temporary = join(folder, `${LEDGER}.new`);
  await writeFile(temporary, JSON.stringify(ledger), { mode: 0o600 });
  await rename(temporary, join(folder, LEDGER));
}

/** Bytes of the side files. */
export async function sideBytes(folder: string): Promise<number> {
  const names = await readdir(join(folder, SIDE_FOLDER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  let bytes = 0;
  for (const name of names) bytes += (await lstat(join(folder, SIDE_FOLDER, name))).size;
  return bytes;
}

function parsed(text: string): { [field in keyof Ledger]?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A crash of the machine in the middle of it: see readLedger.
    return {};
  }
}

function wholeNumber(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

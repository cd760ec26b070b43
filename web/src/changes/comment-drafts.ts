/** Comments that are being written, by the line they are about: they survive a reload, and a page that is closed in the middle. */
import { type DraftStorage, keepDraft, readDraft } from '../run/drafts.ts';
import type { Anchor } from './diff/rows.ts';

const KEY = 'comments.';
const MOST_DRAFTS = 50;

export interface Draft extends Anchor {
  readonly text: string;
}

/** By `draftKey`. */
export type Drafts = ReadonlyMap<string, Draft>;

export function draftKey({ path, side, line }: Anchor): string {
  return `${side}:${line}:${path}`;
}

export function readDrafts(storage: DraftStorage, run: string): Drafts {
  let kept: unknown;
  try {
    kept = JSON.parse(readDraft(storage, KEY + run) || '[]');
  } catch {
    // Written by something else: begun anew.
    kept = [];
  }
  return new Map((Array.isArray(kept) ? kept.filter(isDraft) : []).map((draft) => [draftKey(draft), draft]));
}

/** False when the browser keeps nothing more: the text is still on the page. */
export function keepDrafts(storage: DraftStorage, run: string, drafts: Drafts, nowMs: number): boolean {
  const kept = [...drafts.values()].filter(({ text }) => text.trim() !== '').slice(-MOST_DRAFTS);
  return keepDraft(storage, KEY + run, kept.length === 0 ? '' : JSON.stringify(kept), nowMs);
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { path, side, line, text } = value as Record<string, unknown>;
  return typeof path === 'string' && (side === 'old' || side === 'new') && typeof line === 'number' && typeof text === 'string';
}

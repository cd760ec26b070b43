/** Comments that are being written, by the line they are about: they survive a reload, and a page that is closed in the middle. */
import type { Keeper } from './viewed.ts';

const KEY = 'gluon.draft.comments.';
const MOST_DRAFTS = 50;
const LONGEST = 20_000;

export interface Draft {
  readonly path: string;
  readonly side: 'old' | 'new';
  readonly line: number;
  readonly text: string;
}

export function draftKey({ path, side, line }: Omit<Draft, 'text'>): string {
  return `${side}:${line}:${path}`;
}

export function readDrafts(keeper: Keeper, run: string): ReadonlyMap<string, Draft> {
  let kept: unknown;
  try {
    kept = JSON.parse(keeper.getItem(KEY + run) ?? '[]');
  } catch {
    // Written by something else: begun anew.
    kept = [];
  }
  return new Map((Array.isArray(kept) ? kept.filter(isDraft) : []).map((draft) => [draftKey(draft), draft]));
}

/** False when the browser keeps nothing more: the text is still on the page. */
export function keepDrafts(keeper: Keeper & Pick<Storage, 'removeItem'>, run: string, drafts: ReadonlyMap<string, Draft>): boolean {
  const kept = [...drafts.values()].filter(({ text }) => text.trim() !== '').slice(-MOST_DRAFTS);
  try {
    if (kept.length === 0) keeper.removeItem(KEY + run);
    else keeper.setItem(KEY + run, JSON.stringify(kept.map((draft) => ({ ...draft, text: draft.text.slice(0, LONGEST) }))));
    return true;
  } catch {
    return false;
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false;
  const { path, side, line, text } = value as Record<string, unknown>;
  return typeof path === 'string' && (side === 'old' || side === 'new') && typeof line === 'number' && typeof text === 'string';
}

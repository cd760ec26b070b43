/** Asks the thread that colours, one block after the other; whoever shows a block is told when its colours are there. */
import { useCallback, useSyncExternalStore } from 'react';
import type { TokenLines } from './token-lines.ts';
import type { HighlightAnswer, HighlightRequest } from './worker.ts';

/** Lines that are coloured together. The object itself is the key: keep it as long as the text is shown. */
export interface CodeBlock {
  readonly text: string;
  /** As `languageOfPath` and `languageOfFence` name it; null: no colours. */
  readonly language: string | null;
}

const LONGEST_TEXT = 100_000;
const LONGEST_LINE = 5_000;
/** The first block also waits for the thread to start. */
const FIRST_MS = 10_000;
const PATIENCE_MS = 1_500;
/** After so many blocks that took too long a language has no colours until the page is loaded again. */
const MOST_STRIKES = 3;

const found = new WeakMap<CodeBlock, TokenLines | null>();
const watchers = new Map<CodeBlock, Set<() => void>>();
const strikes = new Map<string, number>();
/** Newest last, and taken from the end: what is in view now comes first. */
const waiting: CodeBlock[] = [];
let worker: Worker | null = null;
let warm = false;
let asked: { id: number; block: CodeBlock; timer: ReturnType<typeof setTimeout> } | null = null;
let lastId = 0;

/** Null until the colours are there, and for ever where there are none. */
export function useTokenLines(block: CodeBlock | null): TokenLines | null {
  return useSyncExternalStore(
    useCallback((listener) => (block === null ? () => {} : watch(block, listener)), [block]),
    () => (block === null ? null : (found.get(block) ?? null)),
  );
}

function watch(block: CodeBlock, listener: () => void): () => void {
  const listeners = watchers.get(block) ?? new Set();
  watchers.set(block, listeners.add(listener));
  if (!found.has(block) && asked?.block !== block) {
    if (colourable(block)) waiting.push(block);
    else found.set(block, null);
    next();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && watchers.get(block) === listeners) watchers.delete(block);
  };
}

function colourable({ text, language }: CodeBlock): boolean {
  if (language === null || text.length > LONGEST_TEXT || (strikes.get(language) ?? 0) >= MOST_STRIKES) return false;
  return text.length <= LONGEST_LINE || text.split('\n').every((line) => line.length <= LONGEST_LINE);
}

function next(): void {
  while (asked === null) {
    const block = waiting.pop();
    if (block === undefined) return;
    // Scrolled past, or coloured since: nobody waits for it any more.
    if (!watchers.has(block) || found.has(block) || block.language === null) continue;
    lastId += 1;
    asked = { id: lastId, block, timer: setTimeout(giveUp, warm ? PATIENCE_MS : FIRST_MS) };
    worker ??= started();
    worker.postMessage({ id: lastId, text: block.text, language: block.language } satisfies HighlightRequest);
  }
}

function started(): Worker {
  const one = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  one.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
    warm = true;
    if (asked?.id === data.id) settle(data.lines);
  });
  // The thread could not be loaded, or died: code is shown without colours.
  one.addEventListener('error', giveUp);
  return one;
}

function giveUp(): void {
  const language = asked?.block.language;
  if (language) strikes.set(language, (strikes.get(language) ?? 0) + 1);
  worker?.terminate();
  worker = null;
  warm = false;
  settle(null);
}

function settle(lines: TokenLines | null): void {
  if (asked === null) return;
  const { block, timer } = asked;
  clearTimeout(timer);
  asked = null;
  found.set(block, lines);
  for (const listener of [...(watchers.get(block) ?? [])]) listener();
  next();
}

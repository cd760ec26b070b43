/** Searching in the diff: what is found, and where the person stands in it. */
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { type Found, findIn } from './diff/find.ts';
import type { Row } from './diff/rows.ts';

export interface Find {
  readonly open: boolean;
  readonly words: string;
  readonly found: readonly Found[];
  /** Index into `found`; -1: nothing is found. */
  readonly now: number;
  readonly byRow: ReadonlyMap<number, readonly Found[]>;
  readonly setOpen: (open: boolean) => void;
  readonly setWords: (words: string) => void;
  readonly step: (by: 1 | -1) => void;
}

const NONE: readonly Found[] = [];

export function useFind(rows: readonly Row[], show: (row: number) => void): Find {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  // Typing goes first; the list follows when there is time.
  const wanted = useDeferredValue(open ? words : '');
  const found = useMemo(() => (wanted === '' ? NONE : findIn(rows, wanted)), [rows, wanted]);
  const byRow = useMemo(() => Map.groupBy(found, ({ row }) => row), [found]);
  const now = found.length === 0 ? -1 : Math.min(at, found.length - 1);
  const row = found[now]?.row;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new word begins at its first find; rows that come do not move anybody
  useEffect(() => {
    if (row !== undefined) show(row);
  }, [wanted, at]);
  return {
    open,
    words,
    found,
    now,
    byRow,
    setOpen,
    setWords: (next) => {
      setWords(next);
      setAt(0);
    },
    step: (by) => setAt(found.length === 0 ? 0 : (now + by + found.length) % found.length),
  };
}

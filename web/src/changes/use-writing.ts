/** The comments somebody is writing now. Each keystroke is kept, so that nothing is lost with the page. */
import { useCallback, useMemo, useState } from 'react';
import { type Draft, type Drafts, draftKey, keepDrafts, readDrafts } from './comment-drafts.ts';
import type { Anchor } from './diff/rows.ts';

export interface Writing {
  readonly drafts: Drafts;
  readonly open: (anchor: Anchor) => void;
  readonly change: (anchor: Anchor, text: string) => void;
  readonly close: (anchor: Anchor) => void;
}

export function useWriting(run: string): Writing {
  const [drafts, setDrafts] = useState<Drafts>(() => readDrafts(localStorage, run));
  const put = useCallback(
    (change: (drafts: Map<string, Draft>) => void) =>
      setDrafts((now) => {
        const next = new Map(now);
        change(next);
        keepDrafts(localStorage, run, next, Date.now());
        return next;
      }),
    [run],
  );
  return useMemo(
    () => ({
      drafts,
      open: (anchor) => put((next) => void (next.has(draftKey(anchor)) || next.set(draftKey(anchor), { ...anchor, text: '' }))),
      change: (anchor, text) => put((next) => void next.set(draftKey(anchor), { ...anchor, text })),
      close: (anchor) => put((next) => void next.delete(draftKey(anchor))),
    }),
    [drafts, put],
  );
}

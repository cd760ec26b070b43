/** The comments somebody is writing now. Each keystroke is kept, so that nothing is lost with the page. */
import { useCallback, useMemo, useRef, useState } from 'react';
import { type Draft, type Drafts, draftKey, keepDrafts, readDrafts } from './comment-drafts.ts';
import type { Anchor } from './diff/rows.ts';

export interface Writing {
  readonly drafts: Drafts;
  readonly open: (anchor: Anchor) => void;
  readonly change: (anchor: Anchor, text: string) => void;
  readonly close: (anchor: Anchor) => void;
  /** True once after a draft was opened: its box takes the focus. One that was merely scrolled into view does not. */
  readonly takesFocus: (anchor: Anchor) => boolean;
  /** New texts of comments that are there already, by id; kept as long as the tab is open. */
  readonly edits: ReadonlyMap<string, string>;
  /** `text` null: no longer edited. */
  readonly edit: (id: string, text: string | null) => void;
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
  const opened = useRef<string | null>(null);
  const [edits, setEdits] = useState<ReadonlyMap<string, string>>(new Map());
  return useMemo(
    () => ({
      drafts,
      open(anchor) {
        opened.current = draftKey(anchor);
        put((next) => void (next.has(draftKey(anchor)) || next.set(draftKey(anchor), { ...anchor, text: '' })));
      },
      takesFocus(anchor) {
        if (opened.current !== draftKey(anchor)) return false;
        opened.current = null;
        return true;
      },
      change: (anchor, text) => put((next) => void next.set(draftKey(anchor), { ...anchor, text })),
      close: (anchor) => put((next) => void next.delete(draftKey(anchor))),
      edits,
      edit: (id, text) =>
        setEdits((now) => {
          const next = new Map(now);
          if (text === null) next.delete(id);
          else next.set(id, text);
          return next;
        }),
    }),
    [drafts, edits, put],
  );
}

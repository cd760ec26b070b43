import { useCallback, useState } from 'react';
import { keepDraft, readDraft } from './drafts.ts';

/** A text that survives a reload, by key. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => readDraft(localStorage, key));
  const set = useCallback(
    (next: string) => {
      setText(next);
      keepDraft(localStorage, key, next, Date.now());
    },
    [key],
  );
  return [text, set];
}

import { useCallback, useRef, useState } from 'react';
import { keepDraft, readDraft } from './drafts.ts';

/** A text that survives a reload, by key. Like a state's, its setter takes the next text or what makes it of the present one. */
export function useDraft(key: string): [string, (next: string | ((now: string) => string)) => void] {
  const [text, setText] = useState(() => readDraft(localStorage, key));
  const latest = useRef(text);
  const set = useCallback(
    (next: string | ((now: string) => string)) => {
      latest.current = typeof next === 'string' ? next : next(latest.current);
      setText(latest.current);
      keepDraft(localStorage, key, latest.current, Date.now());
    },
    [key],
  );
  return [text, set];
}

/** Whether a media query holds, followed. For what style sheets cannot do: another structure, not another look. */
import { useCallback, useSyncExternalStore } from 'react';

export const PHONE = '(max-width: 639.98px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    useCallback(
      (listener) => {
        const list = matchMedia(query);
        list.addEventListener('change', listener);
        return () => list.removeEventListener('change', listener);
      },
      [query],
    ),
    () => matchMedia(query).matches,
  );
}

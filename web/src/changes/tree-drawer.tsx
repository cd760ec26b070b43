import { type ReactNode, useEffect, useRef } from 'react';
import { useShortcuts } from '../keyboard/shortcuts.ts';

/** The tree over the diff, where it has no room beside it. */
export function TreeDrawer({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useShortcuts('Changes', [{ keys: 'escape', run: onClose }]);
  return (
    <div className="absolute inset-0 z-(--z-sticky) flex">
      <aside
        ref={box}
        tabIndex={-1}
        aria-label="Changed files"
        className="relative flex w-80 max-w-[88%] flex-col gap-2 bg-panel px-2 py-2.5 shadow-dialog outline-none"
      >
        {children}
      </aside>
      <button type="button" aria-label="Close the list of files" tabIndex={-1} className="min-w-0 flex-1 bg-scrim" onClick={onClose} />
    </div>
  );
}

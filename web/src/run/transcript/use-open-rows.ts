import { useCallback, useState } from 'react';

interface OpenRows {
  /** All open, all folded, or null: each as it is by itself. */
  readonly all: boolean | null;
  readonly own: ReadonlyMap<string, boolean>;
}

const BY_ITSELF: OpenRows = { all: null, own: new Map() };

/** Which rows stand open: what a person did with one wins over what they did with all. */
export function useOpenRows() {
  const [open, setOpen] = useState(BY_ITSELF);
  const isOpen = useCallback((key: string, byItself: boolean) => open.own.get(key) ?? open.all ?? byItself, [open]);
  const toggle = useCallback((key: string, to: boolean) => setOpen((now) => ({ ...now, own: new Map(now.own).set(key, to) })), []);
  const toggleAll = useCallback(() => setOpen(({ all }) => ({ all: all !== true, own: new Map() })), []);
  return { isOpen, toggle, toggleAll };
}

/** A value of the whole page that components follow: which dialog is open, what a person has chosen in this browser. */
import { useSyncExternalStore } from 'react';

export interface Signal<T> {
  get(): T;
  set(next: T): void;
  watch(listener: () => void): () => void;
}

export function signal<T>(first: T): Signal<T> {
  let current = first;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(current, next)) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useSignal<T>(one: Signal<T>): T {
  return useSyncExternalStore(one.watch, one.get);
}

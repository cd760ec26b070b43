/** Whether somebody is signed in on this page. The session itself is a cookie that scripts cannot read; here is only what goes with it. */

export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'out'; readonly why: 'never' | 'expired' | 'left' }
  | { readonly state: 'in'; readonly user: { readonly name: string; readonly role: string }; readonly csrf: string };

let current: Session = { state: 'unknown' };
const listeners = new Set<() => void>();

export function session(): Session {
  return current;
}

export function setSession(next: Session): void {
  current = next;
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function watchSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

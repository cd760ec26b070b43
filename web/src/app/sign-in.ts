/** Signing in: by the cookie that is there, by a one-time link (`/#code=…`), or with a token. */
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { setSession } from '../api/session.ts';
import { unreachableSince } from '../pwa/unreachable-since.ts';

const RETRY_MS = 1_000;

/** Decides the state of the session; a server that is not there yet is asked again, with the same code. */
export async function signInByLinkOrCookie(code = takeCode()): Promise<void> {
  try {
    if (code !== null) return await signIn({ code });
  } catch (error) {
    if (isOffline(error)) return again(() => signInByLinkOrCookie(code));
    // An old link is no reason to sign out who is signed in: the cookie is asked next.
  }
  try {
    setSession({ state: 'in', ...(await call('auth.session', {})) });
  } catch (error) {
    if (isOffline(error)) return again(() => signInByLinkOrCookie(null));
    setSession({ state: 'out', why: 'never' });
  }
}

/** A code is good once, and must not stay in the history. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

function isOffline(error: unknown): boolean {
  return error instanceof ApiFailure && error.offline;
}

/** Throws `ApiFailure` when the token or the code is not taken. */
export async function signIn(by: { token: string } | { code: string }): Promise<void> {
  setSession({ state: 'in', ...(await call('auth.login', by)) });
}

export async function signOut(): Promise<void> {
  await call('auth.logout', {});
  setSession({ state: 'out', why: 'left' });
}

function again(attempt: () => Promise<void>): Promise<void> {
  if (unreachableSince.get() === null) unreachableSince.set(Date.now());
  return new Promise((resolve) => setTimeout(() => resolve(attempt()), RETRY_MS));
}

/** Signing in: by the cookie that is there, by a one-time link (`/#code=…`), or with a token. */
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { setSession } from '../api/session.ts';

const RETRY_MS = 1_000;

/** Decides the state of the session; a server that is not there yet is asked again. */
export async function signInByLinkOrCookie(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) {
    // A code is good once, and must not stay in the history.
    history.replaceState(null, '', location.pathname + location.search);
    try {
      return await signIn({ code });
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.offline) return again(() => signIn({ code }));
      // An old link is no reason to sign out who is signed in: the cookie is asked next.
    }
  }
  try {
    setSession({ state: 'in', ...(await call('auth.session', {})) });
  } catch (error) {
    if (error instanceof ApiFailure && error.offline) return again(signInByLinkOrCookie);
    setSession({ state: 'out', why: 'never' });
  }
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
  return new Promise((resolve) => setTimeout(() => resolve(attempt()), RETRY_MS));
}

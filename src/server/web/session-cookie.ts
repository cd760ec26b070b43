/** The cookie of a session, read and written. */
import { SESSION_COOKIE } from '../../contract/web-session.ts';

/** Longer than any cookie of ours: a flood of foreign ones is not searched. */
const MAX_HEADER = 16_384;
/** A session's token: 256 bits in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * The value of the session cookie; null when there is none, when it cannot be one, or when there are several: another page of the same
 * host, on any port, may have set one beside ours, and which one comes first is not ours to say.
 */
export function sessionCookie(header: string | undefined): string | null {
  if (header === undefined || header.length > MAX_HEADER) return null;
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && TOKEN.test(value) ? value : null;
}

/** `token` null takes the cookie away. `secure`: the browser came over https; over http, which loopback is, it would not keep it. */
export function setCookie(token: string | null, seconds: number, secure: boolean): string {
  const flags = `HttpOnly; SameSite=Strict; Path=/${secure ? '; Secure' : ''}`;
  return token === null ? `${SESSION_COOKIE}=; Max-Age=0; ${flags}` : `${SESSION_COOKIE}=${token}; Max-Age=${seconds}; ${flags}`;
}

/** What an entry point knows of a browser's session. */
import type { Role } from './operation.ts';

/** The cookie that carries the session. Its value is 256 random bits and is stored nowhere but in the browser. */
export const SESSION_COOKIE = 'gluon_session';
/** With a session, everything but reading names the session's `csrf` here: a page of another origin cannot know it. */
export const CSRF_HEADER = 'x-gluon-csrf';

export interface WebSession {
  readonly id: string;
  readonly user: string;
  readonly role: Exclude<Role, 'public'>;
  readonly csrf: string;
  /** It began over https: its cookie goes no other way, also when it is set anew. */
  readonly secure: boolean;
  readonly expiresAtMs: number;
}

/** What the server asks of sessions, and the proof that a request with one comes from the page. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { GluonError } from '../../contract/errors.ts';
import { CSRF_HEADER, type WebSession } from '../../contract/web-session.ts';

export interface SessionCheck {
  /** Null: there is none, or it has ended. `renewed`: it lasts longer from now on, and the browser should keep its cookie as long. */
  check(token: string): { session: WebSession; renewed: boolean } | null;
  /** Called with the id of each session that ends before its time. */
  onEnd(listener: (id: string) => void): void;
  /** How long a cookie is to be kept, in seconds. */
  readonly seconds: number;
}

/** A server without a page has none. */
export const NO_SESSIONS: SessionCheck = { check: () => null, onEnd: () => {}, seconds: 0 };

const READING = new Set(['GET', 'HEAD']);

/**
 * Throws `csrf_refused` for anything but reading without the session's own value, and `origin_refused` for a WebSocket whose origin is
 * not told: whoever sends the cookie of a browser is to be the page in it.
 */
export function checkFromPage(session: WebSession, request: FastifyRequest): void {
  if (request.ws === true && request.headers.origin === undefined) throw new GluonError('origin_refused', { origin: 'not told' });
  if (READING.has(request.method)) return;
  const given = Buffer.from(String(request.headers[CSRF_HEADER] ?? ''));
  const wanted = Buffer.from(session.csrf);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw new GluonError('csrf_refused');
}

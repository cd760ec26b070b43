import type { FastifyReply, FastifyRequest } from 'fastify';
import { setCookie } from './session-cookie.ts';

/** Sets the session cookie with the answer, or takes it away (`token` null). Marked as secure for a browser that came over https. */
export function giveCookie(request: FastifyRequest, reply: FastifyReply, token: string | null, seconds: number): void {
  const secure = request.headers.origin?.startsWith('https://') ?? false;
  reply.header('set-cookie', setCookie(token, seconds, secure));
}

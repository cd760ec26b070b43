import type { FastifyReply, FastifyRequest } from 'fastify';
import { setCookie } from './session-cookie.ts';

/** A browser says so with everything that changes state; with a mere GET it says nothing, and this is false. */
export function cameOverHttps(request: FastifyRequest): boolean {
  return request.headers.origin?.startsWith('https://') ?? false;
}

/** Sets the session cookie with the answer, or takes it away (`token` null). `secure`: the browser is to send it over https alone. */
export function giveCookie(reply: FastifyReply, token: string | null, seconds: number, secure: boolean): void {
  reply.header('set-cookie', setCookie(token, seconds, secure));
}

/** What goes back: JSON, or bytes that a browser must not run. */
import type { FastifyReply } from 'fastify';

const SHOWN_MEDIA_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

export function sendJson(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(body);
}

/**
 * Somebody else made these bytes: a media type that could carry a script becomes plain bytes, the document is sandboxed should a
 * browser open it all the same, and it is offered as a download.
 */
export function sendBytes(reply: FastifyReply, status: number, bytes: Uint8Array, mediaType: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', SHOWN_MEDIA_TYPES.has(mediaType) ? mediaType : 'application/octet-stream')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('content-disposition', 'attachment')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

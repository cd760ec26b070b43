/** Reads a request's body into memory, within its limits. */
import type { IncomingMessage } from 'node:http';
import type { GatewayLimits } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { TokenEntry } from './run-tokens.ts';

/**
 * The body as it came. What it takes is counted on the token until `release` is called.
 * Throws a `Refusal` when it is too large, or when the agent went away before its end.
 */
export async function readBody(
  req: IncomingMessage,
  entry: TokenEntry,
  limits: GatewayLimits,
): Promise<{ body: Buffer; release: () => void }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const release = (): void => {
    entry.bufferedBytes -= bytes;
    bytes = 0;
  };
  if (Number(req.headers['content-length'] ?? 0) > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      entry.bufferedBytes += chunk.length;
      if (bytes > limits.bodyBytes) throw tooLarge(limits.bodyBytes);
      if (entry.bufferedBytes > limits.bufferedBytesPerToken) throw new Refusal('too_many_calls', 'too many bytes of requests at once');
      chunks.push(chunk);
    }
  } catch (error) {
    release();
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_request', 'the request was not sent to its end');
  }
  return { body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks), release };
}

function tooLarge(limit: number): Refusal {
  return new Refusal('too_large', `the request has more than ${limit} bytes`);
}

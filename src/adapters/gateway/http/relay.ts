/** Carries an answer of the provider back to the agent: byte for byte, as fast as the agent reads, within time limits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../ports/system.ts';
import type { GatewayLimits } from './limits.ts';
import type { Redaction } from './redaction.ts';
import { Refusal } from './refusal.ts';

export interface RelayOptions {
  readonly clock: Clock;
  readonly limits: GatewayLimits;
  readonly redaction: Redaction;
  readonly signal: AbortSignal;
  /** Every piece as the provider sent it. */
  readonly onChunk: (chunk: Buffer) => void;
}

/**
 * Resolves at the end of the answer with what is left to write; ending the response is the caller's. Rejects when the
 * provider broke off, was silent or took too long, or with the signal's reason; both connections are then cut.
 */
export function relay(answer: IncomingMessage, res: ServerResponse, options: RelayOptions): Promise<Buffer> {
  const { clock, limits, redaction, signal } = options;
  return new Promise((resolve, reject) => {
    let lastByteMs = clock.monotonicMs();
    let cancelIdle = (): void => {};
    const armIdle = (delayMs: number): void => {
      cancelIdle = clock.after(delayMs, () => {
        // While the agent does not read, silence is not the provider's.
        if (answer.isPaused()) return armIdle(limits.idleMs);
        const leftMs = lastByteMs + limits.idleMs - clock.monotonicMs();
        if (leftMs > 0) return armIdle(leftMs);
        fail(new Refusal('upstream_timeout', 'the provider fell silent within an answer'));
      });
    };
    const cancelTotal = clock.after(limits.totalMs, () => fail(new Refusal('upstream_timeout', 'the answer took too long')));
    const finish = (): void => {
      cancelIdle();
      cancelTotal();
      signal.removeEventListener('abort', onAbort);
      res.off('drain', onDrain);
    };
    const fail = (reason: unknown): void => {
      finish();
      reject(reason);
      answer.destroy();
      res.destroy();
    };
    const onAbort = (): void => fail(signal.reason);
    const onDrain = (): void => {
      answer.resume();
    };
    const cut = (): void => fail(new Refusal('upstream_unreachable', 'the provider broke off within an answer'));

    if (signal.aborted) return fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    res.on('drain', onDrain);
    armIdle(limits.idleMs);
    answer.on('data', (chunk: Buffer) => {
      lastByteMs = clock.monotonicMs();
      const out = redaction.push(chunk);
      // First on its way, then counted: counting must not delay a byte.
      const room = out.length === 0 || res.write(out);
      options.onChunk(chunk);
      if (!room) answer.pause();
    });
    answer.on('end', () => {
      if (!answer.complete) return cut();
      finish();
      resolve(redaction.end());
    });
    answer.on('error', cut);
    answer.on('close', () => {
      if (!answer.complete) cut();
    });
  });
}

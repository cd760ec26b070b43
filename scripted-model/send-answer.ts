/** Puts an answer on the wire, whole or damaged as its script wants. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { event } from './answer.ts';
import type { Answer, Damage } from './types.ts';

export type SendEnd = 'served' | 'damaged' | 'hung' | 'gone';

/** Resolves when nothing more will be sent. Never waits for a client that has left. */
export async function sendEvents(response: ServerResponse, answer: Answer, events: Iterable<Uint8Array>): Promise<SendEnd> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    return await stream(response, answer, events, gone.signal);
  } catch (error) {
    // The client left while we waited: that is an end like others. Anything else is a bug and goes up.
    if (gone.signal.aborted) return 'gone';
    throw error;
  }
}

async function stream(response: ServerResponse, answer: Answer, events: Iterable<Uint8Array>, gone: AbortSignal): Promise<SendEnd> {
  let sent = 0;
  for (const bytes of events) {
    const broken = await damageAt(response, answer.damage, sent, bytes);
    if (broken !== null) return broken;
    if (answer.damage?.kind === 'unknown_events') response.write(event('quantum_delta', { index: sent, note: 'not of this protocol' }));
    if (answer.damage?.kind === 'duplicate') response.write(bytes);
    if (!response.write(bytes)) await once(response, 'drain', { signal: gone });
    sent += 1;
    if (answer.chunkDelayMs !== undefined) await sleep(answer.chunkDelayMs, undefined, { signal: gone });
    if (gone.aborted) return 'gone';
  }
  response.end();
  return answer.damage === undefined ? 'served' : 'damaged';
}

/** Breaks the connection when the script says so at this event. */
async function damageAt(response: ServerResponse, damage: Damage | undefined, sent: number, next: Uint8Array): Promise<SendEnd | null> {
  if (damage === undefined || !('after' in damage) || sent < damage.after) return null;
  switch (damage.kind) {
    case 'cut':
      // What was written must arrive before the cut, or the cut would be at another place.
      await new Promise<void>((resolve) => response.write(new Uint8Array(), () => resolve()));
      response.destroy();
      return 'damaged';
    case 'truncate':
      response.end(next.subarray(0, Math.floor(next.length / 2)));
      return 'damaged';
    case 'stall':
      return 'hung';
  }
}

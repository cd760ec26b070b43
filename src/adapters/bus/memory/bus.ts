import type { Bus, LiveHint } from '../../../ports/bus.ts';
import type { Log } from '../../../ports/system.ts';

/** Hints within one process, delivered at once. A listener that throws is logged and does not stop the others. */
export function memoryBus(log: Log): Bus {
  const listeners = new Set<(hint: LiveHint) => void>();
  return {
    publish(hint) {
      // A copy: a listener may leave while it is called.
      for (const listener of [...listeners]) {
        try {
          listener(hint);
        } catch (error) {
          // A lost hint only delays; the publisher has written the truth already and must go on.
          log.error({ error, topic: hint.topic, type: hint.type }, 'a listener of the bus failed');
        }
      }
    },
    subscribe(listener) {
      // Wrapped, so that subscribing one function twice gives two subscriptions.
      const own = (hint: LiveHint): void => listener(hint);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

/** Hints to whoever watches; never the truth. A lost hint only delays. */
import type { LiveType } from '../contract/live.ts';

export interface LiveHint {
  topic: string;
  type: LiveType;
  data: unknown;
}

export interface Bus {
  publish(hint: LiveHint): void;
  subscribe(listener: (hint: LiveHint) => void): () => void;
}

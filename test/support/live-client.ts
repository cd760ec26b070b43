/** A WebSocket client that collects what it is told. */
import WebSocket from 'ws';
import type { ServerMessage } from '../../src/contract/live.ts';

export interface LiveClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[];
  /** Messages per frame, in order. */
  readonly frames: number[];
  send(message: unknown): void;
  /** Resolves when `wanted` holds for what came so far; rejects after ten seconds. */
  until(wanted: (messages: readonly ServerMessage[]) => boolean): Promise<void>;
  closed: Promise<number>;
  close(): Promise<void>;
}

export interface Upgrade {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
  readonly path?: string;
}

/** The status of the refusal, or 101. */
export function upgradeStatus(port: number, upgrade: Upgrade): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${upgrade.path ?? '/api/ws'}`, upgrade.protocols ?? [], {
      headers: upgrade.headers,
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('error', (error) => {
      if (!/Unexpected server response|closed before/.test(error.message)) reject(error);
    });
  });
}

export async function connectLiveClient(port: number, token: string): Promise<LiveClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/ws`, { headers: { authorization: `Bearer ${token}` } });
  const messages: ServerMessage[] = [];
  const frames: number[] = [];
  const watchers = new Set<() => void>();
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString()) as ServerMessage[];
    messages.push(...frame);
    frames.push(frame.length);
    for (const watcher of watchers) watcher();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    socket,
    messages,
    frames,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`not within 10 s; so far: ${JSON.stringify(messages).slice(0, 500)}`));
        }, 10_000);
        const look = (): void => {
          if (!wanted(messages)) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** A browser and a server for tests of the connection. */
import { LiveConnection, type LiveListener, type LiveWorld, type SocketLike } from './connection.ts';

export class FakeSocket implements SocketLike {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: { type: string; topics?: string[]; after?: Record<string, number> }[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  /** One frame of the server. */
  says(...messages: object[]): void {
    this.onmessage?.({ data: JSON.stringify(messages) });
  }
  breaks(): void {
    this.onclose?.({ code: 1006 });
  }
}

export class FakeWorld implements LiveWorld {
  readonly sockets: FakeSocket[] = [];
  readonly reported: unknown[] = [];
  refusals = 0;
  #nowMs = 1_000_000;
  #timers: { at: number; then: () => void }[] = [];

  open(): SocketLike {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  random(): number {
    return 1;
  }
  after(ms: number, then: () => void): () => void {
    const timer = { at: this.#nowMs + ms, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }
  refused(): void {
    this.refusals += 1;
  }
  report(error: unknown): void {
    this.reported.push(error);
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error('no connection was opened');
    return last;
  }
  pass(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#nowMs = next.at;
      next.then();
    }
    this.#nowMs = end;
  }
}

export function listening(): LiveListener & { heard: unknown[]; resyncs: number } {
  const listener = {
    heard: [] as unknown[],
    resyncs: 0,
    message(_type: string, data: unknown) {
      listener.heard.push(data);
    },
    resync() {
      listener.resyncs += 1;
    },
  };
  return listener;
}

export const message = (seq: number, topic = 'board') => ({ topic, seq, type: 'run_updated', data: seq });
export const subscribed = (seq: number, topic = 'board') => ({ topic, seq, type: 'subscribed' });
export const resync = (seq: number, topic = 'board') => ({ topic, seq, type: 'resync' });

/** A connection that is open, with one listener of the board that was told to read. */
export function running() {
  const world = new FakeWorld();
  const live = new LiveConnection(world);
  const board = listening();
  live.start();
  const leave = live.watch('board', board);
  world.socket.onopen?.();
  world.socket.says(subscribed(10));
  return { world, live, board, leave };
}

/** Bytes as they are, for requests that no HTTP client would send. */
import { connect } from 'node:net';

export interface RawAnswer {
  readonly text: string;
  /** Status codes of all answers on the connection, in order. */
  readonly statuses: readonly number[];
  /** Whether the server ended the connection. */
  readonly closed: boolean;
}

/** A first answer may be late on a busy machine. */
const FIRST_MS = 3_000;

/** Sends the bytes, reads until the server closes or, after its first bytes, is silent for `quietMs`. */
export function sendRaw(port: number, bytes: string | Buffer, quietMs = 300): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let timer: NodeJS.Timeout;
    const finish = (closed: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
      resolve({ text, statuses: statuses.filter((status) => status !== 100), closed });
    };
    const arm = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(false), ms);
    };
    arm(Math.max(FIRST_MS, quietMs));
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      arm(quietMs);
    });
    socket.on('close', () => finish(true));
    // A reset by the server is an end like any other; "close" follows.
    socket.on('error', () => {});
  });
}

/** A request in its lines; headers as given, one after the other. */
export function rawRequest(line: string, headers: readonly string[], body = ''): string {
  return `${[`${line} HTTP/1.1`, ...headers].join('\r\n')}\r\n\r\n${body}`;
}

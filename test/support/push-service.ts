/** A push service on loopback and a browser behind it: what Gluon sends is decrypted as the browser would (RFC 8291). */
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Agent } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { PushTarget } from '../../src/ports/push.ts';

export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface PushService {
  readonly port: number;
  readonly arrived: Arrived[];
  /** Answers in order, each for that path or for any; 201 when there is none left. One that is `held` comes never. */
  readonly answers: { status: number; path?: string; headers?: Record<string, string>; held?: boolean }[];
  /** Connects every name to this service, without TLS: what is checked before the connection stays as it is. */
  readonly agent: Agent;
  close(): Promise<void>;
}

export async function startPushService(): Promise<PushService> {
  const arrived: Arrived[] = [];
  const answers: PushService['answers'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      arrived.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      const at = answers.findIndex(({ path }) => path === undefined || path === request.url);
      const [{ status, headers = {}, held = false } = { status: 201 }] = at === -1 ? [] : answers.splice(at, 1);
      if (held) return;
      response.writeHead(status, headers).end('x'.repeat(10_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: false });
  Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') });
  return {
    port,
    arrived,
    answers,
    agent,
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export interface Browser {
  readonly target: PushTarget;
  /** The text of a message for this browser; throws when it is for another one. */
  read(body: Buffer): string;
}

export function browser(endpoint: string): Browser {
  const ecdh = createECDH('prime256v1');
  const own = ecdh.generateKeys();
  const auth = randomBytes(16);
  return {
    target: { endpoint, p256dh: own.toString('base64url'), auth: auth.toString('base64url') },
    read(body) {
      const salt = body.subarray(0, 16);
      const idLength = body[20] ?? 0;
      const sender = body.subarray(21, 21 + idLength);
      const sealed = body.subarray(21 + idLength);
      const mac = (key: Buffer, ...parts: (Buffer | string)[]) => {
        const hmac = createHmac('sha256', key);
        for (const part of parts) hmac.update(part);
        return hmac.digest();
      };
      const shared = mac(auth, ecdh.computeSecret(sender));
      const input = mac(shared, 'WebPush: info\0', own, sender, Buffer.from([1]));
      const pseudo = mac(salt, input);
      const key = mac(pseudo, 'Content-Encoding: aes128gcm\0', Buffer.from([1])).subarray(0, 16);
      const nonce = mac(pseudo, 'Content-Encoding: nonce\0', Buffer.from([1])).subarray(0, 12);
      const decipher = createDecipheriv('aes-128-gcm', key, nonce);
      decipher.setAuthTag(sealed.subarray(-16));
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
      return plain.subarray(0, plain.lastIndexOf(2)).toString();
    },
  };
}

/** Claims of the VAPID token in the header (RFC 8292); throws when the key in it did not sign them. */
export function vapidClaims(authorization: string | undefined): { publicKey: string; claims: Record<string, unknown> } {
  const [, token = '', publicKey = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization ?? '') ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const good = verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (!good) throw new Error('the token is not signed by its key');
  return { publicKey, claims: JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown> };
}

/** The proxy with real sockets: what must not arrive at a server of ours does not, and what may does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createWeb, type IncomingMessage, type Server as Web } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { egressProxy } from '../../../src/adapters/egress/proxy/proxy.ts';
import type { Lookup } from '../../../src/adapters/egress/proxy/session.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import type { EgressDecision, EgressPolicy } from '../../../src/contract/resources.ts';
import type { EgressProxy, EgressSession } from '../../../src/ports/egress.ts';

const clock = systemClock();
let folder: string;
let proxy: EgressProxy;
let web: Web;
let echo: Server;
let requests: IncomingMessage[];
let connections: number;
let decisions: EgressDecision[];
let limits: number[];
let lookups: string[];
let webPort: number;
let echoPort: number;

const toLoopback: Lookup = async (host) => {
  lookups.push(host);
  return [{ address: '127.0.0.1', family: 4 }];
};

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/gluon-egress-`);
  [requests, decisions, limits, lookups, connections] = [[], [], [], [], 0];
  web = createWeb((incoming, response) => {
    requests.push(incoming);
    if (incoming.url === '/redirect') response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    else response.end(incoming.url === '/big' ? 'x'.repeat(200_000) : 'served');
  });
  echo = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  webPort = await listening(web);
  echoPort = await listening(echo);
  make();
});
afterEach(async () => {
  await proxy.close();
  web.closeAllConnections();
  web.close();
  echo.close();
  rmSync(folder, { recursive: true, force: true });
});

function make(options: { lookup?: Lookup; permitPrivate?: boolean; registries?: () => Promise<string[]> } = {}): void {
  proxy = egressProxy({
    folder: `${folder}/s`,
    environment: {},
    clock,
    lookup: toLoopback,
    permitPrivate: true,
    registries: async () => ['registry.example'],
    ...options,
  });
}

async function listening(server: Web | Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function open(policy: EgressPolicy, maxBytes: number | null = null, alsoAllowed: string[] = []): Promise<EgressSession> {
  return proxy.open('run', {
    policy,
    alsoAllowed,
    maxBytes,
    onDecision: (decision) => decisions.push(decision),
    onLimit: (bytes) => limits.push(bytes),
  });
}

/** Says the bytes and gives everything that comes back until the end, or until `enough` is in it. */
function say(session: EgressSession, text: string, then = '', enough = '\0'): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(session.socket);
    let heard = '';
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      if (heard === '' && then !== '') socket.write(then);
      heard += chunk.toString('latin1');
      if (heard.includes(enough)) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    socket.write(text, 'latin1');
  });
}
const tunnel = (session: EgressSession, target: string, then = 'ping', enough = 'ping'): Promise<string> =>
  say(session, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`, then, enough);
const get = (session: EgressSession, url: string, host: string, more = ''): Promise<string> =>
  say(session, `GET ${url} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`);

describe('tunnels', () => {
  it('to a listed name and port open, others do not', async () => {
    const session = await open([`ok.example:${echoPort}`]);
    expect(await tunnel(session, `ok.example:${echoPort}`)).toMatch(/200 Connection established[\s\S]*ping/);
    expect(connections).toBe(1);
    for (const target of [
      `no.example:${echoPort}`,
      'ok.example:443',
      `127.0.0.1:${echoPort}`,
      `ok.example.evil.example:${echoPort}`,
      `a@ok.example:${echoPort}`,
    ]) {
      expect(await tunnel(session, target), target).toContain('403');
    }
    expect(connections).toBe(1);
    expect(lookups).toEqual(['ok.example']);
  });

  it('are not opened by bytes that hide in the target', async () => {
    const session = await open([`ok.example:${echoPort}`]);
    for (const target of [
      `evil.example\0.ok.example:${echoPort}`,
      `evil.example\x01ok.example:${echoPort}`,
      `ok.example:${echoPort}/..`,
      `ok.example:${echoPort}:22`,
    ]) {
      expect(await tunnel(session, target)).not.toContain('200');
    }
    expect(connections).toBe(0);
  });

  it('take what was sent along with the request', async () => {
    const session = await open([`ok.example:${echoPort}`]);
    expect(await say(session, `CONNECT ok.example:${echoPort} HTTP/1.1\r\nHost: x\r\n\r\nearly`, '', 'early')).toContain('early');
  });

  it('follow the policy of the moment', async () => {
    const session = await open('none');
    expect(await tunnel(session, `ok.example:${echoPort}`)).toContain('403');
    session.setPolicy('none', [`ok.example:${echoPort}`]);
    expect(await tunnel(session, `ok.example:${echoPort}`)).toContain('200');
    session.setPolicy('packages', []);
    expect(await tunnel(session, `ok.example:${echoPort}`)).toContain('403');
    expect(await proxy.names('packages')).toEqual(['registry.example']);
  });

  it('of a name that leads to a private address do not open, and nothing arrives', async () => {
    const lists: Awaited<ReturnType<Lookup>>[] = [
      [{ address: '127.0.0.1', family: 4 }],
      [{ address: '169.254.169.254', family: 4 }],
      [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [],
    ];
    for (const addresses of lists) {
      make({ permitPrivate: false, lookup: async () => addresses });
      const session = await open([`ok.example:${echoPort}`]);
      expect(await tunnel(session, `ok.example:${echoPort}`)).toContain('403');
      await session.close();
    }
    expect(connections).toBe(0);
    expect(decisions.map(({ reason }) => reason)).toContain('the name leads to a private address');
  });

  it('ask for the address once: a second answer cannot swap it', async () => {
    let asked = 0;
    make({ lookup: async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }] });
    const session = await open([`ok.example:${echoPort}`]);
    expect(await tunnel(session, `ok.example:${echoPort}`)).toContain('ping');
    expect(asked).toBe(1);
  });

  it('to a server that is not there say so', async () => {
    const session = await open(['ok.example:1']);
    expect(await tunnel(session, 'ok.example:1')).toContain('502');
  });
});

describe('plain requests', () => {
  it('reach the listed name, with its own Host header and nothing of the proxy', async () => {
    const session = await open([`ok.example:${webPort}`]);
    const heard = await get(
      session,
      `http://ok.example:${webPort}/path?q=1`,
      `ok.example:${webPort}`,
      'Proxy-Authorization: Basic c2VjcmV0\r\nX-Own: kept\r\n',
    );
    expect(heard).toMatch(/200 OK[\s\S]*served/);
    expect(requests[0]?.url).toBe('/path?q=1');
    expect(requests[0]?.headers).toMatchObject({ host: `ok.example:${webPort}`, 'x-own': 'kept' });
    expect(requests[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('with a body arrive whole', async () => {
    const session = await open([`ok.example:${webPort}`]);
    const heard = await say(
      session,
      `POST http://ok.example:${webPort}/ HTTP/1.1\r\nHost: ok.example:${webPort}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`,
    );
    expect(heard).toContain('200 OK');
    expect(requests[0]?.headers['content-length']).toBe('5');
  });

  it.each([
    ['another Host header', (port: number) => [`http://ok.example:${port}/`, `evil.example:${port}`, '']],
    ['two Host headers', (port: number) => [`http://ok.example:${port}/`, `ok.example:${port}`, `Host: evil.example:${port}\r\n`]],
    ['a user name', (port: number) => [`http://ok.example:${port}@evil.example:${port}/`, `evil.example:${port}`, '']],
    ['another port', (port: number) => [`http://ok.example:${port}/`, 'ok.example', '']],
    ['no absolute address', (port: number) => ['/', `ok.example:${port}`, '']],
    ['another scheme', (port: number) => [`ftp://ok.example:${port}/`, `ok.example:${port}`, '']],
    ['a name off the list', (port: number) => [`http://no.example:${port}/`, `no.example:${port}`, '']],
    ['an address', (port: number) => [`http://127.0.0.1:${port}/`, `127.0.0.1:${port}`, '']],
    ['a short address', (port: number) => [`http://127.1:${port}/`, `127.1:${port}`, '']],
    ['a decimal address', (port: number) => [`http://2130706433:${port}/`, `2130706433:${port}`, '']],
    [
      'two lengths',
      (port: number) => [`http://ok.example:${port}/`, `ok.example:${port}`, 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'],
    ],
  ])('with %s do not arrive', async (_name, make) => {
    const session = await open([`ok.example:${webPort}`]);
    const [url = '', host = '', more = ''] = make(webPort);
    expect(await get(session, url, host, more)).toMatch(/^$|HTTP\/1.1 40[03]/);
    expect(requests).toEqual([]);
  });

  it('are not redirected by the proxy: the next place is judged when it is asked for', async () => {
    const session = await open([`ok.example:${webPort}`]);
    expect(await get(session, `http://ok.example:${webPort}/redirect`, `ok.example:${webPort}`)).toContain('302');
    expect(await get(session, 'http://169.254.169.254/', '169.254.169.254')).toContain('403');
    expect(lookups).toEqual(['ok.example']);
  });
});

describe('limits', () => {
  it('cut when the bytes are used up, and stay', async () => {
    const session = await open([`ok.example:${webPort}`], 100_000);
    const heard = await get(session, `http://ok.example:${webPort}/big`, `ok.example:${webPort}`);
    expect(heard.length).toBeLessThan(200_000);
    expect(limits).toHaveLength(1);
    expect(session.bytes).toBeGreaterThan(100_000);
    expect(await get(session, `http://ok.example:${webPort}/`, `ok.example:${webPort}`)).toContain('403');
    const free = await open([`ok.example:${webPort}`], 1_000_000);
    expect((await get(free, `http://ok.example:${webPort}/big`, `ok.example:${webPort}`)).length).toBeGreaterThan(200_000);
  });

  it('count what is sent as well', async () => {
    const session = await open([`ok.example:${echoPort}`], 50_000);
    await tunnel(session, `ok.example:${echoPort}`, 'y'.repeat(60_000), '\0');
    expect(limits).toHaveLength(1);
  });

  it('tell a refused name once, however often it is asked for', async () => {
    const session = await open('none');
    for (let round = 0; round < 30; round += 1) await tunnel(session, 'no.example:443');
    expect(decisions).toHaveLength(1);
    expect(decisions[0]).toMatchObject({ host: 'no.example', port: 443, allowed: false, bytes_up: 0 });
    await tunnel(session, 'other.example:443');
    expect(decisions).toHaveLength(2);
  });

  it('tell the bytes of what was allowed', async () => {
    const session = await open([`ok.example:${echoPort}`]);
    await tunnel(session, `ok.example:${echoPort}`);
    await clock.sleep(30);
    await session.close();
    expect(decisions[0]).toMatchObject({ allowed: true, bytes_down: 0 });
    expect(decisions.reduce((sum, { bytes_up, bytes_down }) => sum + bytes_up + bytes_down, 0)).toBe(8);
  });

  it('end with the session: open tunnels are cut, the socket is gone', async () => {
    const session = await open([`ok.example:${echoPort}`]);
    const held = tunnel(session, `ok.example:${echoPort}`, 'first', '\0');
    await clock.sleep(50);
    await session.close();
    expect(await held).toContain('first');
    expect(await tunnel(session, `ok.example:${echoPort}`)).toBe('');
  });
});

describe('registries', () => {
  it('are read from what the tools are configured for', async () => {
    writeFileSync(
      `${folder}/.npmrc`,
      'registry=https://npm.corp.example/\n@own:registry = http://scoped.corp.example:4873/x\n//npm.corp.example/:_authToken=secret\n',
    );
    writeFileSync(
      `${folder}/pip.conf`,
      '[global]\nindex-url = https://user:secret@pip.corp.example/simple\nextra-index-url =\n  https://more.corp.example/simple\n',
    );
    proxy = egressProxy({
      folder: `${folder}/s`,
      environment: {
        HOME: folder,
        PATH: folder,
        PIP_CONFIG_FILE: `${folder}/pip.conf`,
        CARGO_REGISTRIES_OWN_INDEX: 'sparse+https://cargo.corp.example/',
      },
      clock,
    });
    expect(await proxy.names('packages')).toEqual([
      'cargo.corp.example',
      'more.corp.example',
      'npm.corp.example',
      'pip.corp.example',
      'scoped.corp.example:4873',
    ]);
  });
});

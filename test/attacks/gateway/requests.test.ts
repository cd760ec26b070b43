/** Attacks with the shape of a request. Each has its positive control: the plain form of the same request passes. */
import { describe, expect, it } from 'vitest';
import { answerStream, ask, CANARY, MESSAGE, type Rig, raw, rig, streamOf } from '../../../src/adapters/gateway/http/gateway.fixture.ts';

const serving = (): Promise<Rig> => rig((_request, res) => answerStream(res));

function request(at: Rig, first: string, headers: string[] = [], body = MESSAGE): string {
  const lines = [
    first,
    'host: gateway',
    `x-api-key: ${at.token}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const GOOD = 'POST /v1/messages HTTP/1.1';

async function rawControlPasses(at: Rig): Promise<void> {
  expect(await raw(at, request(at, GOOD))).toMatch(/^HTTP\/1.1 200 /);
}

describe('the path', () => {
  it.each([
    'POST /v1/../v1/messages',
    'POST //v1/messages',
    'POST /v1//messages',
    'POST /v1/messages/',
    'POST /v1/%6dessages',
    'POST /v1%2fmessages',
    'POST /v1/messages/..%2fcomplete',
    'POST /v1/messages/batches',
    'POST /v1/complete',
    'POST /v1/files',
    'POST /v1/organizations/api_keys',
    'GET /v1/messages',
    'DELETE /v1/messages',
    'PUT /v1/messages',
    'OPTIONS *',
    'GET /v1/models/..',
    'GET /v1/models/../organizations',
    'GET /v1/models/a/b',
    'GET /',
    'POST /v1/messages?api_key=abc',
    'POST /v1/messages?Authorization=abc',
    'POST http://evil.example/v1/messages',
    'POST http://127.0.0.1/v1/messages',
    'POST https://api.anthropic.com/v1/messages',
    'POST /V1/MESSAGES',
    'POST /v1/messages;x=1',
    'POST /v1/messages#x',
  ])('%s opens nothing', async (first) => {
    const at = await serving();
    const answer = await raw(at, request(at, `${first} HTTP/1.1`));
    expect(answer).toMatch(/^HTTP\/1.1 40[04] /);
    expect(at.provider.requests).toHaveLength(0);
    await rawControlPasses(at);
  });

  it('CONNECT makes no tunnel, and no upgrade is made', async () => {
    const at = await serving();
    const place = at.provider.url.slice('http://'.length);
    expect(await raw(at, `CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\nx-api-key: ${at.token}\r\n\r\n`)).not.toContain(' 200 ');
    const upgrade = [
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version: 13',
    ];
    expect(await raw(at, request(at, 'GET /v1/models HTTP/1.1', upgrade, ''))).not.toContain(' 101 ');
    await rawControlPasses(at);
  });
});

describe('the framing', () => {
  it.each<[string, string[]]>([
    ['Content-Length and Transfer-Encoding', ['transfer-encoding: chunked']],
    ['two Content-Lengths', ['content-length: 5']],
    ['an unknown Transfer-Encoding', ['transfer-encoding: xchunked']],
    ['a space before the colon', ['transfer-encoding : chunked']],
    ['a folded header', ['x-a: b', ' transfer-encoding: chunked']],
    ['a bare line feed in a header', ['x-a: b\ntransfer-encoding: chunked']],
    ['a zero byte in a header', ['x-a: b\0c']],
  ])('%s cannot smuggle a second request', async (_name, headers) => {
    const at = await serving();
    const hidden = `POST /v1/messages?hidden HTTP/1.1\r\nhost: x\r\nx-api-key: ${at.token}\r\ncontent-length: ${MESSAGE.length}\r\n\r\n${MESSAGE}`;
    const bytes = `${request(at, GOOD, headers, `0\r\n\r\n${hidden}`)}`;
    await raw(at, bytes);
    expect(at.provider.requests.filter(({ url }) => url.includes('hidden'))).toHaveLength(0);
    await rawControlPasses(at);
  });

  it('a second request in one write is a request of its own, authenticated anew', async () => {
    const at = await serving();
    const first = request(at, GOOD).replace('connection: close\r\n', '');
    const second = `POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: ${MESSAGE.length}\r\nconnection: close\r\n\r\n${MESSAGE}`;
    const answers = await raw(at, first + second);
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401']);
    expect(at.provider.requests).toHaveLength(1);
  });

  it('what the agent sends is framed anew: nothing of it frames the request to the provider', async () => {
    const at = await serving();
    await ask(at, {
      headers: { 'transfer-encoding': 'chunked', te: 'trailers', expect: '100-continue', connection: 'close, x-claude-code-hop' },
    });
    const [seen] = at.provider.requests;
    expect(seen?.headers).not.toHaveProperty('transfer-encoding');
    expect(seen?.headers).not.toHaveProperty('te');
    expect(seen?.headers).not.toHaveProperty('expect');
    expect(seen?.body.toString()).toBe(MESSAGE);
  });
});

describe('the headers', () => {
  it('nothing that could authenticate or route passes to the provider', async () => {
    const at = await serving();
    const evil = {
      cookie: 'session=1',
      'x-goog-api-key': 'k',
      'api-key': 'k',
      'x-amz-security-token': 'k',
      'x-amz-date': 'd',
      'proxy-authorization': 'Basic eA==',
      'anthropic-api-key': 'k',
      'anthropic-organization-id': 'o',
      'x-claude-code-auth-token': 'k',
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'evil',
      forwarded: 'for=1.2.3.4',
      'x-http-method-override': 'DELETE',
      'x-original-url': '/v1/files',
      'x-gluon-refusal': 'budget',
    };
    await ask(at, { headers: { ...evil, 'anthropic-beta': 'passes', 'x-stainless-lang': 'js', host: 'evil.example' } });
    const [seen] = at.provider.requests;
    for (const name of Object.keys(evil)) expect(seen?.headers, name).not.toHaveProperty(name);
    expect(seen?.headers).toMatchObject({ 'anthropic-beta': 'passes', 'x-stainless-lang': 'js', 'x-api-key': CANARY });
    expect(seen?.headers.host).toBe(at.provider.url.slice('http://'.length));
    expect(seen?.rawHeaders.filter((name) => name.toLowerCase() === 'x-api-key')).toHaveLength(1);
  });

  it('a header with a line break in its value, as agents might build one, is no header of ours', async () => {
    const at = await serving();
    const answer = await raw(at, request(at, GOOD, ['anthropic-beta: a\r\nx-api-key: stolen']));
    // Two different tokens: refused as a whole.
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(at.provider.requests).toHaveLength(0);
  });
});

describe('a web page that resolves its name to loopback (DNS rebinding)', () => {
  it.each<[string, Record<string, string>]>([
    ['a foreign Host', { host: 'evil.example' }],
    ['a foreign Host with our port', { host: 'evil.example:PORT' }],
    ['a name that begins like ours', { host: 'localhost.evil.example:PORT' }],
    ['loopback without our port', { host: '127.0.0.1' }],
    ['loopback with user part', { host: 'x@127.0.0.1:PORT' }],
    ['an Origin', { origin: 'http://evil.example' }],
    ['an Origin of loopback', { origin: 'http://127.0.0.1:PORT' }],
  ])('%s: refused on the TCP listener although the token is good', async (_name, headers) => {
    const at = await serving();
    const withPort = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(at.address.tcpPort))]),
    );
    expect((await ask(at, { over: 'tcp', headers: withPort })).status).toBe(421);
    expect(at.provider.requests).toHaveLength(0);
    for (const host of ['127.0.0.1', 'localhost']) {
      expect((await ask(at, { over: 'tcp', headers: { host: `${host}:${at.address.tcpPort}` } })).text).toBe(streamOf());
    }
  });

  it('two Host headers are none', async () => {
    const at = await serving();
    const good = `host: 127.0.0.1:${at.address.tcpPort}`;
    const two = request(at, GOOD).replace('host: gateway', `${good}\r\nhost: evil.example`);
    expect(await raw(at, two, 'tcp')).toMatch(/^HTTP\/1.1 4(00|21) /);
    expect(await raw(at, request(at, GOOD).replace('host: gateway', good), 'tcp')).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('work that the provider would do by itself, out of sight of the egress rules and the money cap', () => {
  const FETCHED = { type: 'image', source: { type: 'url', url: 'https://evil.example/?what=was+read' } };
  it.each<[string, object]>([
    ['a search of the web', { tools: [{ type: 'web_search_20260209', name: 'web_search' }] }],
    [
      'a fetch of a page',
      {
        tools: [
          { name: 'mine', input_schema: {} },
          { type: 'web_fetch_20260209', name: 'web_fetch' },
        ],
      },
    ],
    ['a machine to run code on', { tools: [{ type: 'code_execution_20260120', name: 'code_execution' }] }],
    ['a tool server of somebody else', { mcp_servers: [{ type: 'url', url: 'https://evil.example/', name: 'x' }] }],
    ['an image from the network', { messages: [{ role: 'user', content: [FETCHED] }] }],
    ['an image from the network as the result of a tool', { messages: [{ content: [{ type: 'tool_result', content: [FETCHED] }] }] }],
    ['a file of the account', { messages: [{ content: [{ type: 'document', source: { type: 'file', file_id: 'file_1' } }] }] }],
  ])('%s is refused for good', async (_name, more) => {
    const at = await serving();
    const body = JSON.stringify({ ...JSON.parse(MESSAGE), ...more });
    const answer = await ask(at, { body });
    expect(answer).toMatchObject({ status: 400, headers: { 'x-gluon-refusal': 'server_tools', 'x-should-retry': 'false' } });
    expect(at.provider.requests).toHaveLength(0);
    await rawControlPasses(at);
  });
});

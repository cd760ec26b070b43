import { lstatSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moneyCapSentence, refusalIn, refusalText } from '../../../core/money/refusal-text.ts';
import {
  afterTest,
  answerJson,
  answerStream,
  ask,
  CANARY,
  credentials,
  grantFor,
  MESSAGE,
  type Rig,
  rig,
  scriptedProvider,
  streamOf,
  until,
} from './gateway.fixture.ts';

const USED = { inputTokens: 500, outputTokens: 250, cacheReadTokens: 0, cacheWriteTokens: 0 };
const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

describe('a call through the gateway', () => {
  it.each(['socket', 'tcp'] as const)('passes both ways byte for byte and is metered (%s)', async (over) => {
    const at = await rig((_request, res) => answerStream(res));
    const answer = await ask(at, { over });
    expect(answer).toMatchObject({ status: 200, text: streamOf(), cut: false });
    expect(at.provider.requests[0]).toMatchObject({ url: '/v1/messages?beta=true', method: 'POST' });
    expect(at.provider.requests[0]?.body.toString()).toBe(MESSAGE);
    expect(at.meter.reserved[0]?.request).toMatchObject({ model: 'claude-sonnet-5', inputBytes: MESSAGE.length, maxOutputTokens: 1000 });
    await until(() => at.gateway.callsInFlight('run-a') === 0);
    expect(at.meter.settled).toMatchObject([{ callId: 'call-1', usage: USED, model: 'claude-sonnet-5', status: 200 }]);
  });

  it('does not touch a body that is JSON of another style, nor one sent in chunks', async () => {
    const at = await rig((_request, res) => answerStream(res));
    const body = `{ "model" : "claude-sonnet-5",\r\n\t"text": "\\u00e9 é 🌍", "max_tokens":9 }\n`;
    await ask(at, { body, headers: { 'transfer-encoding': 'chunked' } });
    expect(at.provider.requests[0]?.body.toString()).toBe(body);
    expect(at.provider.requests[0]?.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  it('meters an answer that does not stream', async () => {
    const at = await rig((_request, res) =>
      answerJson(res, 200, { type: 'message', model: 'claude-opus-5-5', usage: { input_tokens: 7, output_tokens: 8 } }),
    );
    await ask(at);
    await until(() => at.meter.settled.length === 1);
    expect(at.meter.settled[0]).toMatchObject({ model: 'claude-opus-5-5', usage: { inputTokens: 7, outputTokens: 8 } });
  });

  it('reaches a base URL with a path, with the key of the host in place of the token', async () => {
    const provider = await scriptedProvider((_request, res) => answerStream(res));
    const at = await rig(() => {}, { credentials: credentials(`${provider.url}/proxy/v9/`) });
    await ask(at);
    expect(provider.requests[0]).toMatchObject({ url: '/proxy/v9/v1/messages?beta=true', headers: { 'x-api-key': CANARY } });
  });

  it.each([
    ['api_key', { 'x-api-key': CANARY }, undefined],
    ['bearer', { authorization: `Bearer ${CANARY}` }, 'context-1m'],
    ['oauth', { authorization: `Bearer ${CANARY}` }, 'context-1m,oauth-2025-04-20'],
  ] as const)('sends a credential of the kind %s as the provider wants it', async (kind, headers, beta) => {
    const provider = await scriptedProvider((_request, res) => answerStream(res));
    const at = await rig(() => {}, { credentials: credentials(provider.url, { kind }) });
    await ask(at, { headers: { 'anthropic-beta': 'context-1m', 'anthropic-version': '2023-06-01' } });
    expect(provider.requests[0]?.headers).toMatchObject({ ...headers, 'anthropic-version': '2023-06-01', 'accept-encoding': 'identity' });
    if (beta !== undefined) expect(provider.requests[0]?.headers['anthropic-beta']).toBe(beta);
    expect(JSON.stringify(provider.requests[0]?.rawHeaders)).not.toContain(at.token);
  });

  it('passes the other operations without a reservation', async () => {
    const at = await rig((_request, res) => answerJson(res, 200, { ok: true }));
    expect((await ask(at, { path: '/v1/messages/count_tokens' })).status).toBe(200);
    expect((await ask(at, { path: '/v1/models?limit=5', method: 'GET' })).status).toBe(200);
    expect((await ask(at, { path: '/v1/models/claude-sonnet-5', method: 'GET' })).status).toBe(200);
    expect(at.provider.requests.map((request) => request.url)).toEqual([
      '/v1/messages/count_tokens',
      '/v1/models?limit=5',
      '/v1/models/claude-sonnet-5',
    ]);
    expect(at.meter.reserved).toHaveLength(0);
  });
});

describe('what is refused', () => {
  it.each([
    ['budget', moneyCapSentence(5, 5)],
    ['price_unknown', 'no price'],
    ['stopped', 'this attempt has ended'],
  ] as const)('by the ledger (%s): an error that agents take as final', async (code, sentence) => {
    const at = await rig((_request, res) => answerStream(res));
    at.meter.decide = () => ({ kind: 'refused', code, sentence });
    const answer = await ask(at);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-gluon-refusal': code, 'x-should-retry': 'false' } });
    expect(JSON.parse(answer.text)).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message: refusalText(code, sentence) },
    });
    expect(at.provider.requests).toHaveLength(0);
    expect(at.meter.settled).toHaveLength(0);
  });

  it('for want of a credential: the reservation is given back', async () => {
    const at = await rig(() => {}, { credentials: credentials('http://127.0.0.1:1', null) });
    const answer = await ask(at);
    expect(answer).toMatchObject({ status: 400, headers: { 'x-gluon-refusal': 'credential_missing' } });
    expect(at.meter.settled).toMatchObject([{ usage: NOTHING, status: null }]);
  });

  it('what the provider would do by itself, also when tokens are counted; unless the grant allows it', async () => {
    const at = await rig((_request, res) => answerStream(res));
    const body = JSON.stringify({ model: 'claude-sonnet-5', max_tokens: 9, tools: [{ type: 'web_search_20250305', name: 'web_search' }] });
    for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
      const answer = await ask(at, { body, path });
      expect(answer).toMatchObject({ status: 400, headers: { 'x-gluon-refusal': 'server_tools', 'x-should-retry': 'false' } });
      expect(refusalIn(answer.text)?.sentence).toContain('the tool web_search_20250305');
    }
    expect(at.provider.requests).toHaveLength(0);
    expect(at.meter.reserved).toHaveLength(0);
    expect((await ask(at, { body, token: at.gateway.issue(grantFor({ serverTools: true })) })).status).toBe(200);
  });

  it('a body that is too large, before it is read', async () => {
    const at = await rig((_request, res) => answerStream(res), { limits: { bodyBytes: 100_000 } });
    const told = await ask(at, { body: Buffer.alloc(200_000, 'x') });
    expect(told.status).toBe(413);
    expect((await ask(at, { body: `{"model":"m","x":"${'y'.repeat(50_000)}"}` })).status).toBe(200);
  });

  it('a body that is no request', async () => {
    const at = await rig((_request, res) => answerStream(res));
    for (const body of ['', 'hello', '[1]', '{"max_tokens":1}', '{"model":"a","model":"b"}']) {
      expect((await ask(at, { body })).status, body).toBe(400);
    }
    expect(at.provider.requests).toHaveLength(0);
  });
});

describe('when the agent goes away', () => {
  it('within an answer: the provider is cut off, and what may have been made unseen is charged, as far as it was allowed', async () => {
    let closed = false;
    const at = await rig((_request, res) => {
      res.on('close', () => {
        closed = true;
      });
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(streamOf().slice(0, 500));
    });
    await ask(at, { onChunk: (_chunk, res) => res.destroy() });
    await until(() => closed && at.meter.settled.length === 1);
    expect(at.meter.settled[0]?.usage).toMatchObject({ inputTokens: 500, outputAtMost: 1_000 });
    expect(at.gateway.callsInFlight('run-a')).toBe(0);
  });

  it('as soon as its request was sent: not known what it used, however often it does so', async () => {
    const at = await rig(() => {});
    for (let times = 1; times <= 3; times += 1) {
      let gone = (): void => {};
      const asked = ask(at, { onRequest: (req) => (gone = () => void req.destroy()) }).catch(() => {});
      await until(() => at.provider.requests.length === times);
      gone();
      await asked;
      await until(() => at.meter.settled.length === times);
    }
    expect(at.meter.settled).toMatchObject([1, 2, 3].map(() => ({ usage: null, status: null })));
  });

  it('within an answer to a request that sets no bound: not known what it used', async () => {
    const at = await rig((_request, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(streamOf().slice(0, 500));
    });
    await ask(at, { body: '{"model":"claude-sonnet-5"}', onChunk: (_chunk, res) => res.destroy() });
    await until(() => at.meter.settled.length === 1);
    expect(at.meter.settled[0]?.usage).toBeNull();
  });

  it('whose token ends before its call is sent: nothing is sent or charged', async () => {
    const read = Promise.withResolvers<void>();
    const known = credentials('http://127.0.0.1:1');
    const slow = { ...known, current: () => read.promise.then(known.current) };
    const at = await rig((_request, res) => answerStream(res), { credentials: slow });
    const asked = ask(at);
    await until(() => at.gateway.callsInFlight(grantFor().runId) === 1);
    at.gateway.revoke(at.token);
    read.resolve();
    await asked;
    await until(() => at.meter.settled.length === 1);
    expect(at.meter.settled).toMatchObject([{ usage: NOTHING, status: null }]);
    expect(at.provider.requests).toHaveLength(0);
  });

  it('an agent that does not read holds the provider back instead of filling memory', async () => {
    let written = 0;
    const piece = Buffer.alloc(64 * 1024, 'x');
    const at = await rig((_request, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      const more = (): void => {
        while (written < 200 * 1024 * 1024) {
          written += piece.length;
          if (!res.write(piece)) return void res.once('drain', more);
        }
        res.end();
      };
      more();
    });
    let paused: { destroy: () => void } | null = null;
    const asked = ask(at, {
      onChunk: (_chunk, res) => {
        if (paused === null) res.pause();
        paused = res;
      },
    });
    await until(() => paused !== null);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = written;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBe(before);
    expect(written).toBeLessThan(20 * 1024 * 1024);
    (paused as { destroy: () => void } | null)?.destroy();
    await asked;
  });
});

/** A call whose answer has begun to come. */
async function begun(at: Rig): Promise<{ answer: ReturnType<typeof ask> }> {
  let came = false;
  const answer = ask(at, {
    onChunk: () => {
      came = true;
    },
  });
  await until(() => came);
  expect(at.gateway.callsInFlight('run-a')).toBe(1);
  return { answer };
}

describe('the life of a token', () => {
  it('revoked: its calls in flight end, the provider is cut off, later calls are refused; others go on', async () => {
    const at = await rig((request, res) => {
      if (request.body.includes('"other"')) return answerStream(res);
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(streamOf().slice(0, 400));
    });
    const other = at.gateway.issue(grantFor({ runId: 'run-b' }));
    const first = await begun(at);
    at.gateway.revoke(at.token);
    expect((await first.answer).cut).toBe(true);
    await until(() => at.gateway.callsInFlight('run-a') === 0);
    expect(at.meter.settled).toHaveLength(1);
    expect((await ask(at)).status).toBe(401);
    expect((await ask(at, { token: other, body: '{"model":"m","other":1}' })).status).toBe(200);
  });

  it('close ends everything and takes the socket away', async () => {
    const at = await rig((_request, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(streamOf().slice(0, 400));
    });
    const asked = await begun(at);
    await at.gateway.close();
    expect((await asked.answer).cut).toBe(true);
    expect(at.meter.settled).toHaveLength(1);
    expect(() => lstatSync(at.address.socket)).toThrow();
  });
});

describe('the socket', () => {
  it('is for us alone', async () => {
    const at = await rig(() => {});
    expect(lstatSync(at.address.socket).mode & 0o777).toBe(0o600);
    expect(lstatSync(dirname(at.address.socket)).mode & 0o777).toBe(0o700);
  });

  it('is not put where its path would be cut or something else lies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gluon-gw-'));
    afterTest(() => rm(folder, { recursive: true, force: true }));
    await expect(rig(() => {}, { socketPath: join(folder, 'x'.repeat(120)) })).rejects.toMatchObject({ code: 'home_unsafe' });
    await writeFile(join(folder, 'file'), '');
    await expect(rig(() => {}, { socketPath: join(folder, 'file') })).rejects.toMatchObject({ code: 'home_unsafe' });
  });
});

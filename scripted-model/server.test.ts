import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedModel, startScriptedModel } from './server.ts';
import { firstly, overloaded, say } from './steps.ts';

let model: ScriptedModel;
beforeEach(async () => {
  model = await startScriptedModel({
    scenarios: { flaky: [firstly(2, overloaded, say('ok', { usage: { input_tokens: 7, output_tokens: 3 } }))] },
  });
});
afterEach(() => model.close());

function ask(text: string, more: object = {}, headers: Record<string, string> = { 'x-api-key': 'k' }): Promise<Response> {
  return fetch(`${model.url}/v1/messages?beta=true`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: text }], ...more }),
  });
}

describe('the scripted model', () => {
  it('streams the events of the protocol in their order', async () => {
    const response = await ask('SCENARIO:think');
    const types = [...(await response.text()).matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    expect(types[0]).toBe('message_start');
    expect(types.slice(-2)).toEqual(['message_delta', 'message_stop']);
    expect(types.filter((type) => type === 'content_block_start')).toHaveLength(2);
  });

  it('gives the whole message to who does not want a stream', async () => {
    expect(await (await ask('SCENARIO:say{"text":"hi"}', { stream: false })).json()).toMatchObject({
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
    });
  });

  it('fails as often as the script says, per session', async () => {
    const statuses = [];
    for (let round = 0; round < 3; round += 1) statuses.push((await ask('SCENARIO:flaky')).status);
    expect(statuses).toEqual([529, 529, 200]);
    expect((await ask('SCENARIO:flaky', {}, { 'x-claude-code-session-id': 'other' })).status).toBe(529);
  });

  it('keeps accounts of what it served, and of who asked', async () => {
    await (await ask('SCENARIO:flaky')).text();
    await (await ask('SCENARIO:flaky')).text();
    await (await ask('SCENARIO:flaky', {}, { authorization: 'Bearer b' })).text();
    expect(model.totals()).toMatchObject({ calls: 1, input_tokens: 7, output_tokens: 3 });
    expect(model.requests.map((request) => request.credential)).toEqual([
      { header: 'x-api-key', value: 'k' },
      { header: 'x-api-key', value: 'k' },
      { header: 'authorization', value: 'Bearer b' },
    ]);
    expect(model.requests.map((request) => request.end)).toEqual(['refused', 'refused', 'served']);
  });

  it.each(['nonsense', 'constructor', 'hasown'])('says which scenarios there are when %s is none of them', async (name) => {
    const response = await ask(`SCENARIO:${name}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('There are: ');
  });

  it('refuses what the real one refuses', async () => {
    const dangling = [
      { role: 'user', content: 'x' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Bash', input: {} }] },
      { role: 'user', content: 'no result' },
    ];
    expect((await ask('x', { messages: dangling })).status).toBe(400);
    expect((await ask('x', { messages: [] })).status).toBe(400);
    expect((await fetch(`${model.url}/v1/messages`, { method: 'POST', body: '{' })).status).toBe(400);
    expect((await fetch(`${model.url}/v1/other`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('cuts a connection where the script says so', async () => {
    await expect(ask('SCENARIO:cut').then((response) => response.text())).rejects.toThrow();
    expect(model.requests[0]?.end).toBe('damaged');
  });

  it('notes a client that left', async () => {
    const controller = new AbortController();
    const response = await fetch(`${model.url}/v1/messages`, {
      method: 'POST',
      signal: controller.signal,
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'SCENARIO:stream{"delay_ms":20}' }] }),
    });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => model.requests[0]?.end).toBe('gone');
  });
});

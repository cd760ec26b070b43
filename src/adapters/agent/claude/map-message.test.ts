import { describe, expect, it } from 'vitest';
import { mapMessage } from './map-message.ts';
import { newMappingState } from './mapping-state.ts';
import type { Fields } from './sdk-message.ts';

const map = (message: Fields, state = newMappingState()) => mapMessage(message, state);
const assistant = (content: unknown[], more: Fields = {}) => ({
  type: 'assistant',
  parent_tool_use_id: null,
  message: { model: 'claude', content },
  ...more,
});

describe('messages of the SDK become events', () => {
  it.each<[string, Fields, object[]]>([
    ['text', assistant([{ type: 'text', text: 'a' }]), [{ type: 'text', text: 'a', parent: null }]],
    ['text of a subagent', assistant([{ type: 'text', text: 'a' }], { parent_tool_use_id: 't' }), [{ type: 'text', parent: 't' }]],
    ['thoughts', assistant([{ type: 'thinking', thinking: 'h' }]), [{ type: 'thinking', text: 'h' }]],
    [
      'a tool call',
      assistant([{ type: 'tool_use', id: 'i', name: 'Bash', input: { command: 'x' } }]),
      [{ type: 'tool_started', id: 'i', name: 'Bash' }],
    ],
    [
      'words that the program puts in for the model',
      assistant([{ type: 'text', text: 'API Error' }], { message: { model: '<synthetic>', content: [] } }),
      [],
    ],
    ['an unknown block', assistant([{ type: 'hologram' }]), [{ type: 'unknown', vendorType: 'assistant/hologram' }]],
    [
      'a retry',
      { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 2, retry_delay_ms: 500, error_status: 529, error: 'overloaded' },
      [{ type: 'retry', attempt: 1, maxAttempts: 2, delayMs: 500, status: 529, cause: 'overloaded' }],
    ],
    [
      'a closed window',
      { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: 100, rateLimitType: 'five_hour' } },
      [{ type: 'rate_limited', rejected: true, untilMs: 100_000, kind: 'five_hour' }],
    ],
    [
      'a window without a time',
      { type: 'rate_limit_event', rate_limit_info: { status: 'allowed_warning' } },
      [{ type: 'rate_limited', rejected: false, untilMs: null }],
    ],
    [
      'a compaction',
      { type: 'system', subtype: 'compact_boundary', compact_metadata: { trigger: 'auto', pre_tokens: 9, post_tokens: 3 } },
      [{ type: 'compacted', tokensBefore: 9, tokensAfter: 3 }],
    ],
    ['a result', { type: 'result', total_cost_usd: 0.5, num_turns: 2 }, [{ type: 'usage', costUsd: 0.5, turns: 2 }]],
    [
      'a model that was swapped',
      { type: 'system', subtype: 'model_fallback', content: 'other model' },
      [{ type: 'notice', level: 'warn', text: 'other model' }],
    ],
    ['a line that was too long', { type: 'system', subtype: 'gluon_line_dropped', bytes: 7 }, [{ type: 'notice', level: 'warn' }]],
    ['a status', { type: 'system', subtype: 'status', status: 'requesting' }, []],
    ['a new kind of message', { type: 'dream' }, [{ type: 'unknown', vendorType: 'dream' }]],
    ['a new kind of system message', { type: 'system', subtype: 'dream' }, [{ type: 'unknown', vendorType: 'system/dream' }]],
  ])('%s', (_name, message, events) => {
    expect(map(message)).toMatchObject(events);
    expect(map(message)).toHaveLength(events.length);
  });

  it('survives messages with nothing in them', () => {
    for (const type of ['assistant', 'user', 'result', 'stream_event', 'rate_limit_event', 'system'])
      expect(() => map({ type })).not.toThrow();
    for (const subtype of ['init', 'api_retry', 'compact_boundary', 'task_started', 'notification']) {
      expect(() => map({ type: 'system', subtype })).not.toThrow();
    }
  });

  it('announces the session once', () => {
    const state = newMappingState();
    const commands = ['review', 'exit', 7, 'a b', '../x', 'x'.repeat(200)];
    const init = {
      ...{ type: 'system', subtype: 'init', session_id: 's', model: 'm', claude_code_version: '2' },
      ...{ tools: ['Bash', 3], slash_commands: commands, terminal_slash_commands: ['exit'] },
    };
    expect(map(init, state)).toEqual([
      { type: 'started', sessionId: 's', model: 'm', version: '2', tools: ['Bash'], commands: ['review'] },
    ]);
    expect(map(init, state)).toEqual([]);
  });

  it('tells how full the context of the main thread is, and how much fits once that is known', () => {
    const state = newMappingState();
    const said = (usage: object, more: object = {}) => ({ type: 'assistant', message: { model: 'm', content: [], usage }, ...more });
    const usage = { input_tokens: 10, cache_read_input_tokens: 200, cache_creation_input_tokens: 30, output_tokens: 4 };
    expect(map(said(usage), state)).toEqual([{ type: 'context', tokens: 244, window: null }]);
    // Each block of one answer repeats its usage; subagents have a context of their own; nonsense counts as nothing.
    expect(map(said(usage), state)).toEqual([]);
    expect(map(said({ input_tokens: 9 }, { parent_tool_use_id: 't' }), state)).toEqual([]);
    expect(map(said({ input_tokens: 5, output_tokens: -1, cache_read_input_tokens: 1.5 }), state)).toEqual([
      { type: 'context', tokens: 5, window: null },
    ]);
    const result = {
      type: 'result',
      total_cost_usd: 1,
      num_turns: 2,
      modelUsage: { m: { contextWindow: 200_000 }, n: { contextWindow: 5 } },
    };
    expect(map(result, state)).toEqual([
      { type: 'context', tokens: 5, window: 200_000 },
      { type: 'usage', costUsd: 1, turns: 2 },
    ]);
  });

  it('gives pieces of text the name of their block', () => {
    const state = newMappingState();
    const event = (body: object) => ({ type: 'stream_event', parent_tool_use_id: null, event: body });
    map(event({ type: 'message_start', message: { id: 'm1' } }), state);
    const delta = { type: 'content_block_delta', index: 2, delta: { type: 'text_delta', text: 'x' } };
    expect(map(event(delta), state)).toEqual([{ type: 'text_delta', block: 'm1:2', text: 'x' }]);
    expect(map({ ...event(delta), parent_tool_use_id: 't' }, state)).toEqual([]);
  });

  it('joins the text of a tool result and keeps its images apart', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };
    const block = {
      type: 'tool_result',
      tool_use_id: 'i',
      is_error: true,
      content: [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }],
    };
    const [event] = map({ type: 'user', parent_tool_use_id: null, message: { content: [block] }, tool_use_result: { x: 1 } });
    expect(event).toEqual({
      type: 'tool_finished',
      id: 'i',
      ok: false,
      output: 'a\nb',
      detail: { x: 1 },
      images: [{ mediaType: 'image/png', base64: 'AA==' }],
      parent: null,
    });
  });

  it('follows a subagent by its task, and leaves shells in the background out', () => {
    const state = newMappingState();
    const system = (subtype: string, more: object) => ({ type: 'system', subtype, task_id: 'a', ...more });
    expect(map(system('task_started', { task_type: 'local_agent', subagent_type: 'reviewer', tool_use_id: 't' }), state)).toMatchObject([
      { type: 'subagent', id: 'a', parent: 't', state: 'started', kind: 'reviewer' },
    ]);
    expect(map(system('task_notification', { summary: 'done' }), state)).toMatchObject([
      { state: 'ended', kind: 'reviewer', summary: 'done' },
    ]);
    expect(map(system('task_notification', {}), state)).toEqual([]);
    expect(map(system('task_started', { task_type: 'local_bash', task_id: 'b' }), state)).toEqual([]);
  });
});

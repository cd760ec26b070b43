/** One message of the SDK to the events that Gluon knows. No I/O; what must be remembered is in the state. */
import type { AgentEvent } from '../../../ports/agent.ts';
import { DROPPED_LINE } from './line-guard.ts';
import { mapSystem } from './map-system.ts';
import type { MappingState } from './mapping-state.ts';
import { countOf, type Fields, fieldsOf, kindOf, listOf, numberOf, stringOf } from './sdk-message.ts';
import { toolFinished } from './tool-result.ts';

/** An empty list for what is of no interest; `unknown` for what this adapter has never heard of. */
export function mapMessage(message: Fields, state: MappingState): AgentEvent[] {
  switch (message.type) {
    case 'stream_event':
      return mapStreamEvent(message, state);
    case 'assistant':
      return [...mapAssistant(message), ...contextOf(message, state)];
    case 'user':
      return mapUser(message);
    case 'result':
      return [
        ...contextAtEnd(message, state),
        { type: 'usage', costUsd: numberOf(message.total_cost_usd), turns: numberOf(message.num_turns) },
      ];
    case 'rate_limit_event':
      return [rateLimit(fieldsOf(message.rate_limit_info))];
    case 'system':
      if (message.subtype === DROPPED_LINE) {
        const text = `The agent wrote a line of ${numberOf(message.bytes) ?? 0} bytes; it was left out.`;
        return [{ type: 'notice', level: 'warn', text }];
      }
      return mapSystem(message, state);
    case 'tool_progress':
    case 'keep_alive':
    case 'prompt_suggestion':
    case 'tool_use_summary':
      return [];
    default:
      return [{ type: 'unknown', vendorType: kindOf(message), payload: message }];
  }
}

function threadOf(message: Fields): string | null {
  return stringOf(message.parent_tool_use_id);
}

function mapStreamEvent(message: Fields, state: MappingState): AgentEvent[] {
  const event = fieldsOf(message.event);
  const thread = threadOf(message) ?? '';
  if (event.type === 'message_start') {
    state.streaming.set(thread, stringOf(fieldsOf(event.message).id) ?? '');
    return [];
  }
  if (event.type === 'message_stop') state.streaming.delete(thread);
  const delta = fieldsOf(event.delta);
  // Only the main thread is shown while it streams; a subagent's text comes as a whole block.
  if (event.type !== 'content_block_delta' || delta.type !== 'text_delta' || thread !== '') return [];
  return [
    { type: 'text_delta', block: `${state.streaming.get(thread) ?? ''}:${numberOf(event.index) ?? 0}`, text: stringOf(delta.text) ?? '' },
  ];
}

function mapAssistant(message: Fields): AgentEvent[] {
  const parent = threadOf(message);
  const said = fieldsOf(message.message);
  // What the program says in the model's place (an API error, an interruption) is told by the result, not as the agent's words.
  if (said.model === '<synthetic>') return [];
  return listOf(said.content).flatMap((block): AgentEvent[] => {
    switch (block.type) {
      case 'text':
        return [{ type: 'text', text: stringOf(block.text) ?? '', parent }];
      case 'thinking':
        return [{ type: 'thinking', text: stringOf(block.thinking) ?? '', parent }];
      case 'redacted_thinking':
        return [];
      case 'tool_use':
      case 'server_tool_use':
      case 'mcp_tool_use':
        return toolStarted(block, parent);
      default:
        return [{ type: 'unknown', vendorType: `assistant/${stringOf(block.type) ?? '?'}`, payload: block }];
    }
  });
}

/** What the main thread's last answer was made from and came to: that much stands in its context. Subagents have their own. */
function contextOf(message: Fields, state: MappingState): AgentEvent[] {
  const said = fieldsOf(message.message);
  const usage = fieldsOf(said.usage);
  if (threadOf(message) !== null || said.model === '<synthetic>' || numberOf(usage.input_tokens) === null) return [];
  const parts = [usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens, usage.output_tokens];
  const tokens = parts.reduce<number>((sum, part) => sum + (countOf(part) ?? 0), 0);
  if (tokens === state.context.tokens) return [];
  state.context = { tokens, model: stringOf(said.model) };
  return [{ type: 'context', tokens, window: null }];
}

/** How many fit is told with the result of a turn, per model. */
function contextAtEnd(message: Fields, state: MappingState): AgentEvent[] {
  const { tokens, model } = state.context;
  const window = model === null ? null : countOf(fieldsOf(fieldsOf(message.modelUsage)[model]).contextWindow);
  return tokens === null || !window ? [] : [{ type: 'context', tokens, window }];
}

function toolStarted(block: Fields, parent: string | null): AgentEvent[] {
  const name = stringOf(block.name) ?? '';
  const started: AgentEvent = { type: 'tool_started', id: stringOf(block.id) ?? '', name, input: block.input ?? {}, parent };
  if (name !== 'TodoWrite') return [started];
  const items = listOf(fieldsOf(block.input).todos).map((todo) => ({
    text: stringOf(todo.content) ?? '',
    status: stringOf(todo.status) ?? 'pending',
  }));
  return [started, { type: 'todos', items }];
}

function mapUser(message: Fields): AgentEvent[] {
  const results = listOf(fieldsOf(message.message).content).filter((block) => block.type === 'tool_result');
  // The structured output belongs to the one result of the message; with several it cannot be told apart.
  const detail = results.length === 1 ? message.tool_use_result : null;
  return results.map((block) => toolFinished(block, detail, threadOf(message)));
}

function rateLimit(info: Fields): AgentEvent {
  const resetsAtSeconds = numberOf(info.resetsAt);
  return {
    type: 'rate_limited',
    rejected: info.status === 'rejected',
    untilMs: resetsAtSeconds === null ? null : resetsAtSeconds * 1000,
    kind: stringOf(info.rateLimitType) ?? 'unknown',
  };
}

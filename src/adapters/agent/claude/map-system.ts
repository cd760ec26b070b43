/** Messages of type `system`: about the session, not of the conversation. */
import type { AgentEvent } from '../../../ports/agent.ts';
import type { MappingState } from './mapping-state.ts';
import { type Fields, fieldsOf, kindOf, numberOf, stringOf } from './sdk-message.ts';

/** Known and of no interest: state that we track by other means, or decoration. */
const IGNORED = new Set([
  'background_tasks_changed',
  'commands_changed',
  'control_request_progress',
  'files_persisted',
  'hook_progress',
  'hook_response',
  'hook_started',
  'memory_recall',
  'post_turn_summary',
  'session_state_changed',
  'session_title',
  'status',
  'task_updated',
  'thinking_tokens',
  'turn_duration',
]);

export function mapSystem(message: Fields, state: MappingState): AgentEvent[] {
  const subtype = stringOf(message.subtype) ?? '';
  if (IGNORED.has(subtype)) return [];
  switch (subtype) {
    case 'init':
      return started(message, state);
    case 'api_retry':
      return [retry(message)];
    case 'compact_boundary':
      return [compacted(fieldsOf(message.compact_metadata))];
    case 'task_started':
    case 'task_progress':
    case 'task_notification':
      return subagent(message, subtype, state);
    case 'informational':
    case 'notification':
      return [notice(message.level === 'warning' ? 'warn' : 'info', stringOf(message.content) ?? stringOf(message.text) ?? '')];
    case 'permission_denied':
      return [
        notice('warn', `The agent program refused its own tool call: ${stringOf(message.message) ?? stringOf(message.tool_name) ?? ''}`),
      ];
    case 'model_fallback':
    case 'model_refusal_fallback':
    case 'model_refusal_no_fallback':
    case 'session_writes_lost':
    case 'mirror_error':
      return [notice('warn', stringOf(message.content) ?? subtype.replaceAll('_', ' '))];
    default:
      return [{ type: 'unknown', vendorType: kindOf(message), payload: message }];
  }
}

function notice(level: 'info' | 'warn', text: string): AgentEvent {
  return { type: 'notice', level, text };
}

function started(message: Fields, state: MappingState): AgentEvent[] {
  if (state.started) return [];
  state.started = true;
  return [
    {
      type: 'started',
      sessionId: stringOf(message.session_id) ?? '',
      model: stringOf(message.model) ?? '',
      version: stringOf(message.claude_code_version) ?? '',
      tools: namesOf(message.tools),
      commands: commandsOf(message),
    },
  ];
}

function namesOf(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}

const COMMAND = /^[\w:.-]{1,100}$/;

/** Without those that only make sense in a terminal. */
function commandsOf(message: Fields): string[] {
  const terminal = new Set(namesOf(message.terminal_slash_commands));
  return namesOf(message.slash_commands).filter((name) => COMMAND.test(name) && !terminal.has(name));
}

function retry(message: Fields): AgentEvent {
  return {
    type: 'retry',
    attempt: numberOf(message.attempt) ?? 1,
    maxAttempts: numberOf(message.max_retries) ?? 0,
    delayMs: numberOf(message.retry_delay_ms) ?? 0,
    status: numberOf(message.error_status),
    cause: stringOf(message.error) ?? 'unknown',
  };
}

function compacted(metadata: Fields): AgentEvent {
  return { type: 'compacted', tokensBefore: numberOf(metadata.pre_tokens), tokensAfter: numberOf(metadata.post_tokens) };
}

/** Only agents: a shell in the background is a tool call like others. Later messages do not say which of the two they are about. */
function subagent(message: Fields, subtype: string, state: MappingState): AgentEvent[] {
  const id = stringOf(message.task_id) ?? '';
  if (subtype === 'task_started') {
    if (message.ambient === true || (message.task_type !== undefined && message.task_type !== 'local_agent')) return [];
    state.subagents.set(id, stringOf(message.subagent_type) ?? '');
  }
  const kind = state.subagents.get(id);
  if (kind === undefined) return [];
  if (subtype === 'task_notification') state.subagents.delete(id);
  return [
    {
      type: 'subagent',
      id,
      parent: stringOf(message.tool_use_id),
      state: subtype === 'task_started' ? 'started' : subtype === 'task_progress' ? 'progress' : 'ended',
      kind,
      summary: stringOf(message.summary) ?? stringOf(message.description) ?? '',
      tokens: numberOf(fieldsOf(message.usage).total_tokens),
    },
  ];
}

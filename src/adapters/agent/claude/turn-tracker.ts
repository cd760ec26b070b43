/** Knows whether the agent still works: a result is not the end while subagents run in the background, for they wake it again. */
import { type Fields, fieldsOf, listOf, numberOf, stringOf } from './sdk-message.ts';
import { type TurnEnd, turnEndOf } from './turn-end.ts';

export interface TurnTracker {
  observe(message: Fields): void;
  /** A prompt was handed over. */
  begin(): void;
  /** The agent works on a prompt, or will go on by itself. */
  readonly open: boolean;
  /** There is a result, and what keeps the turn open is only work in the background. */
  readonly hasResult: boolean;
  readonly last: TurnEnd | null;
  /** Text of the main thread in this turn. */
  readonly text: string;
  /** The plan where it is not just said: in the call that hands it over, or in the program's own plan file. */
  readonly writtenPlan: string | null;
  readonly costUsd: number | null;
  readonly limitUntilMs: number | null;
  readonly started: boolean;
  readonly subagents: ReadonlySet<string>;
  /** Nothing that still runs in the background will be waited for. */
  abandonSubagents(): void;
}

export function turnTracker(): TurnTracker {
  const state = {
    open: false,
    result: false,
    last: null as TurnEnd | null,
    text: '',
    writtenPlan: null as string | null,
    costUsd: null as number | null,
    limitUntilMs: null as number | null,
    started: false,
    assistantError: null as string | null,
    queuedTurns: 0,
    subagents: new Set<string>(),
  };
  const settle = (): void => {
    if (state.result && state.subagents.size === 0 && state.queuedTurns === 0) state.open = false;
  };
  const observe = (message: Fields): void => {
    const main = stringOf(message.parent_tool_use_id) === null;
    if (message.type === 'assistant' && main) observeAssistant(message);
    if (message.type === 'system') observeSystem(message);
    if (message.type === 'rate_limit_event') {
      const info = fieldsOf(message.rate_limit_info);
      const seconds = numberOf(info.resetsAt);
      if (info.status === 'rejected' && seconds !== null) state.limitUntilMs = seconds * 1000;
    }
    if (message.type === 'result') observeResult(message);
  };
  const observeAssistant = (message: Fields): void => {
    resumeTurn();
    state.assistantError = stringOf(message.error) ?? state.assistantError;
    for (const block of listOf(fieldsOf(message.message).content)) {
      if (block.type === 'text') state.text += `${state.text === '' ? '' : '\n'}${stringOf(block.text) ?? ''}`;
      const input = fieldsOf(block.input);
      if (block.name === 'Write' && stringOf(input.file_path)?.includes('/plans/')) state.writtenPlan = stringOf(input.content);
      // The permission callback is given the call without it.
      if (block.name === 'ExitPlanMode') state.writtenPlan = stringOf(input.plan) ?? state.writtenPlan;
    }
  };
  /** Woken by a subagent: another result will come. */
  const resumeTurn = (): void => {
    state.result = false;
    state.open = true;
  };
  const observeSystem = (message: Fields): void => {
    if (message.subtype === 'init') state.started = true;
    if (message.subtype === 'init' && state.open) state.result = false;
    if (message.subtype !== 'background_tasks_changed') return;
    const agents = listOf(message.tasks).filter((task) => task.task_type === 'local_agent' && task.ambient !== true);
    state.subagents = new Set(agents.map((task) => stringOf(task.task_id) ?? ''));
  };
  const observeResult = (message: Fields): void => {
    state.last = turnEndOf(message, state.assistantError);
    state.costUsd = numberOf(message.total_cost_usd) ?? state.costUsd;
    state.queuedTurns = numberOf(message.queued_turn_count) ?? 0;
    state.result = true;
    state.assistantError = null;
    settle();
  };
  return {
    observe,
    begin() {
      state.open = true;
      state.result = false;
      state.text = '';
      state.writtenPlan = null;
      state.assistantError = null;
    },
    abandonSubagents() {
      state.subagents = new Set();
      state.queuedTurns = 0;
      settle();
    },
    get open() {
      return state.open;
    },
    get hasResult() {
      return state.result;
    },
    get last() {
      return state.last;
    },
    get text() {
      return state.text;
    },
    get writtenPlan() {
      return state.writtenPlan;
    },
    get costUsd() {
      return state.costUsd;
    },
    get limitUntilMs() {
      return state.limitUntilMs;
    },
    get started() {
      return state.started;
    },
    get subagents() {
      return state.subagents;
    },
  };
}

/** What an agent tells beside its transcript: shown on cards and in completion, never needed to go on. Texts are redacted before. */
import type { Todo } from '../contract/web-resources.ts';

export interface AgentNotes {
  todos(runId: string, todos: Todo[]): void;
  /** Tokens in the context after an answer; `window`: how many fit, null when it was not told. */
  context(runId: string, tokens: number, window: number | null): void;
  /** Slash commands that the agent program names at its start. */
  commands(runId: string, names: string[]): void;
}

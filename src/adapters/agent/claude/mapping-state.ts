/** What the translation of messages has to remember between them. */
export interface MappingState {
  /** The session was announced before: the vendor does it again at each turn. */
  started: boolean;
  /** Message whose pieces are streaming, per thread (main, or the tool call of a subagent). */
  streaming: Map<string, string>;
  /** Kinds of the subagents that live, by task id. */
  subagents: Map<string, string>;
  /** The last context of the main thread that was told, and the model that had it. */
  context: { tokens: number | null; model: string | null };
}

export function newMappingState(): MappingState {
  return { started: false, streaming: new Map(), subagents: new Map(), context: { tokens: null, model: null } };
}

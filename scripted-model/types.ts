/** What a script is made of: scenarios of steps, each step one answer of the model or one failure of its server. */

/** Token figures as the Messages API reports them. */
export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

export type Block =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  /** Bytes put into a text delta as they are, so that they need not be valid UTF-8 or JSON. */
  | { type: 'raw_text'; bytes: Uint8Array }
  | { type: 'tool_use'; name: string; input: unknown };

/** Something wrong with an answer that had begun well. `after` counts events that are still sent whole. */
export type Damage =
  /** The connection is cut. */
  | { kind: 'cut'; after: number }
  /** The connection ends politely in the middle of an event. */
  | { kind: 'truncate'; after: number }
  /** Nothing more comes, and the connection stays. */
  | { kind: 'stall'; after: number }
  /** Every event is sent twice. */
  | { kind: 'duplicate' }
  /** Event types that no client knows are mixed in. */
  | { kind: 'unknown_events' };

export interface Answer {
  blocks: Block[];
  /** What is not given is estimated from the lengths of request and answer (4 characters a token). */
  usage?: Partial<Usage>;
  /** Default: `tool_use` when there is a tool call, else `end_turn`. */
  stopReason?: 'end_turn' | 'tool_use' | 'max_tokens' | 'refusal' | 'stop_sequence';
  /** Wait before the first byte. */
  delayMs?: number;
  /** Text and thinking come in pieces of `chunkChars` with this wait after each, to be seen streaming. */
  chunkDelayMs?: number;
  chunkChars?: number;
  headers?: Record<string, string>;
  damage?: Damage;
}

/** An error answer instead of a message. */
export interface Failure {
  status: number;
  errorType: string;
  message: string;
  headers?: Record<string, string>;
  delayMs?: number;
}

/** The request is read and never answered. */
export interface Hang {
  hang: true;
}

export interface ToolResult {
  toolUseId: string;
  text: string;
  isError: boolean;
  images: number;
}

/** What a step may decide by. Everything comes from the request: the server keeps no state but the count of tries. */
export interface Context {
  scenario: string;
  args: Record<string, unknown>;
  /** Assistant messages since the marker. */
  step: number;
  /** 1 for the first request of this step in this session, 2 for its first retry, … */
  attempt: number;
  /** Plain text that people wrote since and with the marker, without reminders of the agent program. */
  prompt: string;
  /** The newest text that a person wrote. */
  lastText: string;
  /** Everything that people wrote in this conversation, from its beginning. */
  history: string[];
  /** Tool results since the marker, oldest first. */
  results: ToolResult[];
  /** Image blocks in what people wrote. */
  images: number;
  model: string;
  /** Names of the tools that the request offers. */
  tools: string[];
  system: string;
  /** The working directory that the agent program names in its prompt. */
  cwd: string | null;
  /** The agent program says that only a plan is wanted. */
  planMode: boolean;
  /** The script was taken up again from a summary of the conversation. */
  compacted: boolean;
  headers: Record<string, string>;
}

export type Outcome = Answer | Failure | Hang;
export type Step = Outcome | ((context: Context) => Outcome);

/** Steps by number. A function is asked anew at every request, so a script may depend on what happened. */
export type Scenario = Step[] | ((context: Context) => Step[]);
export type Scenarios = Record<string, Scenario>;

export function isFailure(outcome: Outcome): outcome is Failure {
  return 'status' in outcome;
}

export function isHang(outcome: Outcome): outcome is Hang {
  return 'hang' in outcome;
}

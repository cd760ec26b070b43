/** A wrapped coding agent. One adapter per vendor; the fake one serves fast tests and passes the same contract suite. */
import type { QuestionItem } from '../contract/resources.ts';
import type { AttemptEnd } from '../core/run/outcome.ts';
import type { Confinement, SandboxSpec } from './sandbox.ts';

export interface AgentCapabilities {
  resume: boolean;
  fork: boolean;
  steer: boolean;
  interrupt: boolean;
  plan: boolean;
  structuredOutput: boolean;
  askUser: boolean;
  subagents: boolean;
  partialText: boolean;
  images: boolean;
  effort: boolean;
  turnLimit: boolean;
}

export interface AgentImage {
  mediaType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  base64: string;
}

export interface AgentMessage {
  text: string;
  images: AgentImage[];
}

export interface AgentSpec {
  confinement: Confinement;
  cwd: string;
  first: AgentMessage;
  /** Chosen by us and stored before the process starts. */
  sessionId: string;
  /** start: a new session of that id. resume: continue it. fork: new id `sessionId` from the history of `from`. */
  session: { kind: 'start' } | { kind: 'resume' } | { kind: 'fork'; from: string };
  model: string;
  effort: string | null;
  /** plan: the agent may look but not change; its plan comes as text. */
  mode: 'edit' | 'plan';
  maxTurns: number | null;
  /** JSON Schema of a structured answer. */
  schema: Record<string, unknown> | null;
  /** How the agent reaches the model: a Unix socket (path as seen by the agent) or a loopback URL; and its run token. */
  model_access: { socket: string } | { url: string };
  token: string;
  /** Folder with the trusted project configuration, as seen by the agent. */
  trustedConfig: string;
  /** Session folder as seen by the agent. */
  sessionFolder: string;
  env: Record<string, string>;
}

export type AgentEvent =
  | { type: 'started'; sessionId: string; model: string; version: string; tools: string[]; commands: string[] }
  | { type: 'text_delta'; block: string; text: string }
  /** A whole block of assistant text. `parent`: the tool call of the subagent that wrote it. */
  | { type: 'text'; text: string; parent: string | null }
  | { type: 'thinking'; text: string; parent: string | null }
  | { type: 'tool_started'; id: string; name: string; input: unknown; parent: string | null }
  | { type: 'tool_finished'; id: string; ok: boolean; output: string; detail: unknown; images: AgentImage[]; parent: string | null }
  | { type: 'ask'; requestId: string; items: QuestionItem[] }
  /** The request for an answer was withdrawn by the agent. */
  | { type: 'ask_cancelled'; requestId: string }
  | { type: 'todos'; items: { text: string; status: string }[] }
  | {
      type: 'subagent';
      id: string;
      parent: string | null;
      state: 'started' | 'progress' | 'ended';
      kind: string;
      summary: string;
      tokens: number | null;
    }
  | { type: 'retry'; attempt: number; maxAttempts: number; delayMs: number; status: number | null; cause: string }
  | { type: 'rate_limited'; rejected: boolean; untilMs: number | null; kind: string }
  | { type: 'compacted'; tokensBefore: number | null; tokensAfter: number | null }
  /** Tokens in the context of the main thread after an answer, as the agent counts them; `window`: how many fit, when it tells. */
  | { type: 'context'; tokens: number; window: number | null }
  | { type: 'usage'; costUsd: number | null; turns: number | null }
  /** The agent has nothing more to do: `send` a message or `finish`. */
  | { type: 'turn_ended'; text: string; ok: boolean; structured: unknown }
  | { type: 'notice'; level: 'info' | 'warn' | 'error'; text: string }
  /** Something the vendor added that this adapter does not know. */
  | { type: 'unknown'; vendorType: string; payload: unknown };

export interface AgentRun {
  /** Ends when the agent has ended. Never throws: failures are in `done`. */
  readonly events: AsyncIterable<AgentEvent>;
  readonly done: Promise<AgentDone>;
  /** Given to the agent between turns; in the same process. */
  send(message: AgentMessage): void;
  /** Stops the current turn; the process stays for the next message. */
  interrupt(): Promise<void>;
  /** No more messages come: the process may end after its turn. */
  finish(): void;
  answer(requestId: string, answers: Record<string, string[]>): boolean;
  /** Polite stop, then by force through the confinement. */
  stop(graceMs: number): Promise<void>;
}

export interface AgentDone extends AttemptEnd {
  text: string;
  structured: unknown;
  plan: string | null;
  agentCostUsd: number | null;
  /** Bounded tail of what the program wrote to stderr. */
  stderrTail: string;
}

export interface AgentRuntime {
  readonly id: string;
  /** False: it calls no model through the gateway, so no credential is needed. */
  readonly usesGateway?: boolean;
  readonly capabilities: AgentCapabilities;
  probe(): Promise<{ ok: boolean; version: string | null; why: string | null }>;
  /** What a sandbox must mount for this agent. Throws `agent_missing`. */
  mounts(): Promise<SandboxSpec['mounts']>;
  start(spec: AgentSpec): AgentRun;
}

/** The parts of a Messages API request that a script looks at. Whatever else a client sends is let through. */

export interface ContentBlock {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: string | ContentBlock[];
  is_error?: boolean;
}

export interface Message {
  role: string;
  content: string | ContentBlock[];
}

export interface MessagesRequest {
  model: string;
  messages: Message[];
  system?: string | ContentBlock[];
  tools?: { name: string }[];
  stream?: boolean;
  max_tokens?: number;
  thinking?: unknown;
  output_config?: { effort?: string };
}

export function blocksOf(content: string | ContentBlock[] | undefined): ContentBlock[] {
  if (content === undefined) return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

export function textOf(content: string | ContentBlock[] | undefined): string {
  return blocksOf(content)
    .filter((block) => block.type === 'text')
    .map((block) => block.text ?? '')
    .join('\n');
}

/** Parses a body, or says in one sentence why the real API would refuse it. */
export function parseRequest(body: string): { ok: true; request: MessagesRequest } | { ok: false; why: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // Not JSON: told to the client like the real API does.
    return { ok: false, why: 'The request body is not valid JSON' };
  }
  if (typeof value !== 'object' || value === null) return { ok: false, why: 'The request body is not an object' };
  const request = value as Partial<MessagesRequest>;
  if (typeof request.model !== 'string') return { ok: false, why: 'model: Field required' };
  if (!Array.isArray(request.messages) || request.messages.length === 0) {
    return { ok: false, why: 'messages: at least one message is required' };
  }
  const dangling = danglingToolUse(request.messages);
  if (dangling !== null) {
    return { ok: false, why: `messages: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${dangling}` };
  }
  return { ok: true, request: request as MessagesRequest };
}

/** The real API insists that every tool call is answered in the next user message; so do we, to catch clients that do not. */
function danglingToolUse(messages: Message[]): string | null {
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    const calls = blocksOf(message.content).filter((block) => block.type === 'tool_use');
    if (calls.length === 0) continue;
    const next = messages.slice(index + 1).find((later) => later.role !== 'system');
    const answered = new Set(blocksOf(next?.content).map((block) => block.tool_use_id));
    const missing = calls.find((call) => !answered.has(call.id));
    if (missing !== undefined) return missing.id ?? '(no id)';
  }
  return null;
}

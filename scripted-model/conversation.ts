/** Reads a conversation: which scenario is asked for, and how far it has come. */
import { blocksOf, type Message, type MessagesRequest, textOf } from './request.ts';
import type { Context, ToolResult } from './types.ts';

/** Name of the scenario that serves prompts without a marker. */
export const FALLBACK = 'default';
/** Name of the scenario that answers an agent program's request to summarise its conversation. */
export const SUMMARY = 'summary';

/** What agent programs put among the words of people: none of it is an order. */
const REMINDER = /<(system-reminder|task-notification)>[\s\S]*?<\/\1>|\[Request interrupted by user[^\]]*\]/g;
const MARKER = /SCENARIO:([a-z][a-z0-9_-]*)(?:@(\d+))?/g;
/** An assistant message that the Claude CLI invents when it takes up a session that was cut. */
const SYNTHETIC = /^\s*No response requested\.\s*$/;
/** How the Claude CLI tells the model that it may only look. */
const PLAN_MODE = /plan mode is active/i;
const SUMMARY_REQUEST = /create a detailed summary of (?:the|this) conversation|summari[sz]e the conversation/i;

export interface Position extends Omit<Context, 'attempt' | 'headers'> {
  /** Where the scenario began: tells two uses of one scenario in a session apart. */
  markerIndex: number;
}

interface Marker {
  index: number;
  name: string;
  base: number;
  args: Record<string, unknown>;
}

/**
 * The last `SCENARIO:<name>` in what a user said decides; `SCENARIO:<name>{json}` carries arguments, `SCENARIO:<name>@<n>` begins at
 * step n. The step is the number of assistant messages since. Messages of role `system` and synthetic answers do not count.
 */
export function positionOf(request: MessagesRequest): Position {
  const marker = lastMarker(request.messages) ?? fallbackMarker(request.messages);
  const since = request.messages.slice(marker.index);
  const said = since.filter((message) => message.role === 'user').map(wordsOf);
  const answers = since.filter((message) => message.role === 'assistant' && !SYNTHETIC.test(textOf(message.content)));
  const lastText = said.filter((text) => text !== '').at(-1) ?? '';
  return {
    scenario: SUMMARY_REQUEST.test(lastText) ? SUMMARY : marker.name,
    args: SUMMARY_REQUEST.test(lastText) ? { of: marker.name, with: marker.args } : marker.args,
    step: marker.base + answers.length,
    markerIndex: marker.index,
    prompt: said.filter((text) => text !== '').join('\n'),
    lastText,
    history: request.messages.filter((message) => message.role === 'user').map(wordsOf),
    results: since.filter((message) => message.role === 'user').flatMap(resultsOf),
    images: since.filter((message) => message.role === 'user').reduce((sum, message) => sum + imagesIn(message), 0),
    model: request.model,
    tools: (request.tools ?? []).map((tool) => tool.name),
    system: textOf(request.system),
    cwd: folderOf(request),
    planMode: request.messages.some((message) => message.role !== 'assistant' && PLAN_MODE.test(textOf(message.content))),
    compacted: marker.base > 0,
  };
}

/** The Claude CLI names it in its system prompt or in a message of role `system`. */
function folderOf(request: MessagesRequest): string | null {
  const texts = [textOf(request.system), ...request.messages.slice(0, 4).map((message) => textOf(message.content))];
  return /(?:Primary w|W)orking directory: *([^\n]+)/.exec(texts.join('\n'))?.[1]?.trim() ?? null;
}

function wordsOf(message: Message): string {
  return textOf(message.content).replace(REMINDER, '').trim();
}

function imagesIn(message: Message): number {
  return blocksOf(message.content).filter((block) => block.type === 'image').length;
}

function resultsOf(message: Message): ToolResult[] {
  return blocksOf(message.content)
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({
      toolUseId: block.tool_use_id ?? '',
      text: textOf(block.content),
      isError: block.is_error === true,
      images: blocksOf(block.content).filter((part) => part.type === 'image').length,
    }));
}

function lastMarker(messages: Message[]): Marker | null {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index];
    if (message === undefined || message.role !== 'user') continue;
    const text = wordsOf(message);
    const match = [...text.matchAll(MARKER)].at(-1);
    if (match?.[1] === undefined) continue;
    const rest = text.slice((match.index ?? 0) + match[0].length);
    return { index, name: match[1], base: Number(match[2] ?? '0'), args: leadingObject(rest) };
  }
  return null;
}

/** Without a marker the newest thing that a person said is the order. */
function fallbackMarker(messages: Message[]): Marker {
  const index = messages.findLastIndex((message) => message.role === 'user' && wordsOf(message) !== '' && resultsOf(message).length === 0);
  return { index: Math.max(index, 0), name: FALLBACK, base: 0, args: {} };
}

/** The JSON object that a text begins with, or an empty one. */
export function leadingObject(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) return {};
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString && char === '\\') index += 1;
    else if (char === '"') inString = !inString;
    else if (!inString && char === '{') depth += 1;
    else if (!inString && char === '}') depth -= 1;
    if (depth > 0) continue;
    try {
      return JSON.parse(text.slice(0, index + 1)) as Record<string, unknown>;
    } catch {
      // Braces that are not JSON are prose after the marker, not arguments.
      return {};
    }
  }
  return {};
}

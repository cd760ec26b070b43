/** Turns an answer of a script into the events (or the JSON body) of the Messages API. */
import type { Answer, Block, Usage } from './types.ts';

/** Ids that a client cannot confuse with those of another answer. */
export interface AnswerIds {
  message: string;
  toolUse(index: number): string;
}

const DEFAULT_CHUNK_CHARS = 40;

export function stopReasonOf(answer: Answer): string {
  return answer.stopReason ?? (answer.blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn');
}

/** Figures that a script does not give are estimated at 4 characters a token, as providers roughly count. */
export function usageOf(answer: Answer, requestChars: number): Usage {
  const outputChars = answer.blocks.reduce((sum, block) => sum + charsOf(block), 0);
  return {
    input_tokens: Math.max(1, Math.ceil(requestChars / 4)),
    output_tokens: Math.max(1, Math.ceil(outputChars / 4)),
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    ...answer.usage,
  };
}

function charsOf(block: Block): number {
  if (block.type === 'tool_use') return block.name.length + JSON.stringify(block.input).length;
  return block.type === 'raw_text' ? block.bytes.length : block.text.length;
}

/** One server-sent event each, in the order of the protocol. */
export function* eventsOf(answer: Answer, model: string, usage: Usage, ids: AnswerIds): Generator<Uint8Array> {
  yield event('message_start', {
    message: {
      id: ids.message,
      type: 'message',
      role: 'assistant',
      model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...usage, output_tokens: 1 },
    },
  });
  for (const [index, block] of answer.blocks.entries()) yield* blockEvents(block, index, answer.chunkChars ?? DEFAULT_CHUNK_CHARS, ids);
  yield event('message_delta', { delta: { stop_reason: stopReasonOf(answer), stop_sequence: null }, usage });
  yield event('message_stop', {});
}

function* blockEvents(block: Block, index: number, chunkChars: number, ids: AnswerIds): Generator<Uint8Array> {
  const delta = (body: object): Uint8Array => event('content_block_delta', { index, delta: body });
  yield event('content_block_start', { index, content_block: emptyBlock(block, index, ids) });
  switch (block.type) {
    case 'text':
      for (const text of pieces(block.text, chunkChars)) yield delta({ type: 'text_delta', text });
      break;
    case 'raw_text':
      yield rawTextDelta(index, block.bytes);
      break;
    case 'thinking':
      for (const thinking of pieces(block.text, chunkChars)) yield delta({ type: 'thinking_delta', thinking });
      yield delta({ type: 'signature_delta', signature: 'c2NyaXB0ZWQ=' });
      break;
    case 'tool_use':
      for (const part of pieces(JSON.stringify(block.input), 400)) yield delta({ type: 'input_json_delta', partial_json: part });
      break;
  }
  yield event('content_block_stop', { index });
}

function emptyBlock(block: Block, index: number, ids: AnswerIds): object {
  if (block.type === 'tool_use') return { type: 'tool_use', id: ids.toolUse(index), name: block.name, input: {} };
  if (block.type === 'thinking') return { type: 'thinking', thinking: '', signature: '' };
  return { type: 'text', text: '' };
}

/** The whole message at once, for a request without `stream`. */
export function messageOf(answer: Answer, model: string, usage: Usage, ids: AnswerIds): object {
  const content = answer.blocks.map((block, index) => {
    if (block.type === 'tool_use') return { type: 'tool_use', id: ids.toolUse(index), name: block.name, input: block.input };
    if (block.type === 'thinking') return { type: 'thinking', thinking: block.text, signature: 'c2NyaXB0ZWQ=' };
    return { type: 'text', text: block.type === 'raw_text' ? new TextDecoder().decode(block.bytes) : block.text };
  });
  return {
    id: ids.message,
    type: 'message',
    role: 'assistant',
    model,
    content,
    stop_reason: stopReasonOf(answer),
    stop_sequence: null,
    usage,
  };
}

export function event(type: string, body: object): Uint8Array {
  return new TextEncoder().encode(`event: ${type}\ndata: ${JSON.stringify({ type, ...body })}\n\n`);
}

function rawTextDelta(index: number, bytes: Uint8Array): Uint8Array {
  const before = `event: content_block_delta\ndata: {"type":"content_block_delta","index":${index},"delta":{"type":"text_delta","text":"`;
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from('"}}\n\n')]);
}

/** Pieces of whole code points; an empty text is one empty piece. */
function* pieces(text: string, size: number): Generator<string> {
  const points = [...text];
  if (points.length === 0) yield '';
  for (let start = 0; start < points.length; start += size) yield points.slice(start, start + size).join('');
}

/** Tool results in the forms that the SDK gives them. */
import type { AgentEvent, AgentImage } from '../../../ports/agent.ts';
import { type Fields, listOf, stringOf } from './sdk-message.ts';

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

/** `detail` is the tool's own structured output (a patch, stdout and stderr, …). */
export function toolFinished(block: Fields, detail: unknown, parent: string | null): AgentEvent {
  return {
    type: 'tool_finished',
    id: stringOf(block.tool_use_id) ?? '',
    ok: block.is_error !== true,
    output: textOf(block.content),
    detail: detail ?? null,
    images: imagesOf(block.content),
    parent,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => stringOf(part.text))
    .filter((text) => text !== null)
    .join('\n');
}

function imagesOf(content: unknown): AgentImage[] {
  return listOf(content).flatMap((part) => {
    const source = part.type === 'image' ? (part.source as Fields | undefined) : undefined;
    const mediaType = IMAGE_TYPES.find((type) => type === source?.media_type);
    const base64 = stringOf(source?.data);
    return mediaType === undefined || base64 === null ? [] : [{ mediaType, base64 }];
  });
}

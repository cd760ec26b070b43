/** Messages for the agent: one is handed over when the turn before it has ended. */
import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk';
import type { AgentMessage } from '../../../ports/agent.ts';

export interface Inbox extends AsyncIterable<SDKUserMessage> {
  give(message: AgentMessage): void;
  /** No more will come: the program may end. */
  end(): void;
}

export function inbox(): Inbox {
  const waiting: SDKUserMessage[] = [];
  let ended = false;
  let wake: (() => void) | null = null;
  const awaken = (): void => {
    wake?.();
    wake = null;
  };
  async function* messages(): AsyncGenerator<SDKUserMessage> {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }
  return {
    give(message) {
      waiting.push(userMessage(message));
      awaken();
    },
    end() {
      ended = true;
      awaken();
    },
    [Symbol.asyncIterator]: messages,
  };
}

/** Images before the words, as the vendor advises. */
function userMessage(message: AgentMessage): SDKUserMessage {
  const images = message.images.map((image) => ({
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: image.mediaType, data: image.base64 },
  }));
  return {
    type: 'user',
    parent_tool_use_id: null,
    message: { role: 'user', content: [...images, { type: 'text', text: message.text }] },
  };
}

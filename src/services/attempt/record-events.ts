/** Writes down what an agent does: redacted, numbered, and told to whoever watches. */
import type { TranscriptRecord } from '../../contract/resources.ts';
import { redactDeep } from '../../core/text/redact-deep.ts';
import type { RedactionStream, Redactor } from '../../core/text/redaction.ts';
import { summariseTool } from '../../core/text/tool-summary.ts';
import type { AgentEvent, AgentImage } from '../../ports/agent.ts';
import type { NewRecord } from '../../ports/transcript.ts';
import type { Deps } from '../deps.ts';
import { noteProblem } from '../problems.ts';

export interface Recorder {
  event(event: AgentEvent): Promise<void>;
  /** What people or Gluon said. */
  user(text: string, by: string, images: string[]): Promise<void>;
  write(record: NewRecord): Promise<TranscriptRecord[]>;
}

type RecorderDeps = Omit<Deps, 'wake'>;

export function recorder(deps: RecorderDeps, runId: string, attempt: number, redactor: Redactor): Recorder {
  const redact = (text: string): string => redactor.redact(text);
  const topic = `run:${runId}`;
  let partial: { block: string; stream: RedactionStream } | null = null;
  const toolNames = new Map<string, string>();

  async function write(record: NewRecord): Promise<TranscriptRecord[]> {
    const written = await deps.transcripts.append(runId, [redactDeep(record, redact)]);
    for (const one of written) deps.bus.publish({ topic, type: 'message', data: one });
    return written;
  }

  async function log(text: string): Promise<void> {
    await deps.transcripts.appendLog(runId, 'stdout', Buffer.from(`${redact(text)}\n`));
  }

  async function storeImages(images: AgentImage[], toolId: string): Promise<void> {
    for (const image of images) {
      try {
        const bytes = Buffer.from(image.base64, 'base64');
        // They count towards what one run may keep.
        if (!(await deps.transcripts.spend(runId, bytes.length))) continue;
        const stored = await deps.images.store(bytes);
        await deps.store.transaction(async (tx) => {
          if ((await tx.attachment(stored.id)) === null)
            await tx.insertAttachment({ ...stored, created_at: new Date(deps.clock.nowMs()).toISOString() });
          await tx.linkAttachment(runId, stored.id);
        });
        await write({ type: 'screenshot', attempt, tool_id: toolId, attachment: stored.id });
      } catch (error) {
        // An image that is none, or too large, is not worth an attempt.
        await noteProblem(deps, 'screenshot', error, runId);
      }
    }
  }

  /** A secret may come in pieces: the stream holds back what could be the beginning of one. */
  function delta(block: string, text: string): void {
    if (partial?.block !== block) partial = { block, stream: redactor.stream() };
    const shown = partial.stream.push(text);
    if (shown !== '') deps.bus.publish({ topic, type: 'message_delta', data: { attempt, block, text: shown } });
  }

  async function event(one: AgentEvent): Promise<void> {
    switch (one.type) {
      case 'started':
        deps.notes.commands(runId, one.commands);
        await write({ type: 'system', attempt, text: `${one.model} (${one.version})`, session_id: one.sessionId, tools: one.tools });
        return;
      case 'text_delta':
        delta(one.block, one.text);
        return;
      case 'text':
        await write({ type: 'text', attempt, text: one.text, parent: one.parent });
        await log(one.text);
        return;
      case 'thinking':
        await write({ type: 'thinking', attempt, text: one.text, parent: one.parent });
        return;
      case 'tool_started': {
        toolNames.set(one.id, one.name);
        const summary = summariseTool(one.name, one.input);
        await write({ type: 'tool_use', attempt, id: one.id, name: one.name, input: one.input, summary, parent: one.parent });
        await log(`● ${one.name} ${summary}`);
        deps.bus.publish({ topic, type: 'progress', data: { attempt, phase: one.name, detail: redact(summary) } });
        return;
      }
      case 'tool_finished':
        await write({
          type: 'tool_result',
          attempt,
          id: one.id,
          name: toolNames.get(one.id) ?? null,
          ok: one.ok,
          output: one.output,
          detail: one.detail,
          parent: one.parent,
        });
        toolNames.delete(one.id);
        await storeImages(one.images, one.id);
        return;
      case 'ask':
      case 'ask_cancelled':
        return;
      case 'todos': {
        const todos = redactDeep(one.items, redact);
        deps.notes.todos(runId, todos);
        deps.bus.publish({ topic, type: 'todos_updated', data: { attempt, todos } });
        return;
      }
      case 'context':
        deps.notes.context(runId, one.tokens, one.window);
        return;
      case 'subagent':
        await write({
          type: 'subagent',
          attempt,
          id: one.id,
          parent: one.parent,
          state: one.state,
          kind: one.kind,
          summary: one.summary,
          tokens: one.tokens,
        });
        return;
      case 'retry':
        await write({
          type: 'rate_limit',
          attempt,
          retry: one.attempt,
          of: one.maxAttempts,
          delay_ms: one.delayMs,
          status: one.status,
          cause: one.cause,
        });
        return;
      case 'rate_limited':
        await write({ type: 'rate_limit', attempt, rejected: one.rejected, until_ms: one.untilMs, kind: one.kind });
        return;
      case 'compacted':
        await write({
          type: 'system',
          attempt,
          text: 'The agent compacted its context.',
          tokens_before: one.tokensBefore,
          tokens_after: one.tokensAfter,
        });
        return;
      case 'usage':
        await write({ type: 'usage', attempt, agent_cost_usd: one.costUsd, turns: one.turns });
        return;
      case 'turn_ended':
        await write({
          type: 'result',
          attempt,
          ok: one.ok,
          text: one.text,
          ...(one.structured === undefined || one.structured === null ? {} : { structured: one.structured }),
        });
        return;
      case 'notice':
        await write({ type: one.level === 'error' ? 'error' : 'system', attempt, text: one.text });
        return;
      case 'unknown':
        await write({ type: 'system', attempt, text: `The agent sent something this version does not know: ${one.vendorType}.` });
        return;
      default:
        one satisfies never;
    }
  }

  return {
    event,
    write,
    async user(text, by, images) {
      await write({ type: 'user', attempt, text, by, images });
    },
  };
}

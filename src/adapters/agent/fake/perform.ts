/** Carries out one order of a script. */
import type { AgentDone, AgentEvent, AgentSpec } from '../../../ports/agent.ts';
import type { Clock, Random } from '../../../ports/system.ts';
import type { FakeSession } from './fake-session.ts';
import { runShell, type ShellEnd } from './run-shell.ts';
import type { Order } from './script.ts';

export interface Stage {
  spec: AgentSpec;
  clock: Clock;
  random: Random;
  session: FakeSession;
  emit(event: AgentEvent): void;
  /** Resolves with the answers; rejects when the turn is interrupted or the run stopped. */
  ask(requestId: string): Promise<Record<string, string[]>>;
  /** Fires when the turn is interrupted or the run stopped. */
  signal: AbortSignal;
  /** What the turn has brought so far. */
  state: { text: string; structured: unknown; plan: string | null; costUsd: number; toolCalls: number };
}

/** The turn ends here, with less than success. */
export class TurnFailed extends Error {
  readonly end: Pick<AgentDone, 'outcome' | 'detail' | 'untilMs' | 'exitCode'>;
  constructor(end: TurnFailed['end']) {
    super(end.detail);
    this.end = end;
  }
}

export async function perform(order: Order, stage: Stage): Promise<void> {
  const { spec, emit, state } = stage;
  switch (order.kind) {
    case 'say':
      return speak(stage, order.text);
    case 'recall':
      return speak(stage, stage.session.prompts.join('\n'));
    case 'think':
      return emit({ type: 'thinking', text: order.text, parent: null });
    case 'write':
      return tool(stage, 'Write', order, true, () =>
        runShell(spec, 'mkdir -p -- "$(dirname -- "$1")" && cat > "$1"', [order.file], order.text),
      );
    case 'commit':
      return tool(stage, 'Bash', { command: `git commit -m ${order.message}` }, true, () =>
        runShell(spec, 'git add -A && git -c user.name=Agent -c user.email=agent@localhost commit -q -m "$1"', [order.message]),
      );
    case 'run':
      return tool(stage, 'Bash', order, false, () => runShell(spec, order.command));
    case 'ask':
      return question(stage, order);
    case 'sleep':
      return stage.clock.sleep(order.ms, stage.signal);
    case 'hang':
      return stage.clock.sleep(2_000_000_000, stage.signal);
    case 'todo':
      return emit({ type: 'todos', items: order.items.map((text) => ({ text, status: 'pending' })) });
    case 'plan':
      state.plan = order.text;
      return;
    case 'structured':
      state.structured = order.value;
      return;
    case 'cost':
      state.costUsd += order.usd;
      return;
    case 'fail':
      throw new TurnFailed({
        outcome: order.outcome,
        detail: `The script says: ${order.outcome}.`,
        untilMs: order.untilMs,
        exitCode: null,
      });
    case 'exit':
      throw new TurnFailed({
        outcome: 'agent_exit',
        detail: `The agent program exited with code ${order.code}.`,
        untilMs: null,
        exitCode: order.code,
      });
  }
}

function speak({ emit, random, state }: Stage, text: string): void {
  emit({ type: 'text_delta', block: random.id(), text });
  emit({ type: 'text', text, parent: null });
  state.text = text;
}

/** In plan mode what would change something is refused. The cap on turns counts tool calls. */
async function tool(stage: Stage, name: string, input: unknown, changes: boolean, work: () => Promise<ShellEnd>): Promise<void> {
  const { spec, emit, state } = stage;
  state.toolCalls += 1;
  if (spec.maxTurns !== null && state.toolCalls > spec.maxTurns) {
    throw new TurnFailed({ outcome: 'limit_turns', detail: 'The agent reached its limit of turns.', untilMs: null, exitCode: null });
  }
  const id = stage.random.id();
  emit({ type: 'tool_started', id, name, input, parent: null });
  const refused = changes && spec.mode === 'plan';
  const end = refused ? { ok: false, output: 'This is plan mode: nothing may change.' } : await untilAborted(work(), stage.signal);
  emit({ type: 'tool_finished', id, ok: end.ok, output: end.output, detail: null, images: [], parent: null });
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
  });
}

async function question(stage: Stage, order: Extract<Order, { kind: 'ask' }>): Promise<void> {
  const requestId = stage.random.id();
  const options = order.options.map((label) => ({ label, description: '' }));
  const item = { question: order.question, header: order.header, multi_select: order.many, options, free_text: true };
  const answered = stage.ask(requestId);
  stage.emit({ type: 'ask', requestId, items: [item] });
  try {
    const answers = await untilAborted(answered, stage.signal);
    speak(stage, `answered: ${(answers[order.question] ?? []).join(', ')}`);
  } catch (error) {
    stage.emit({ type: 'ask_cancelled', requestId });
    throw error;
  }
}

/** One life of the agent program: messages go in between turns, events come out, and every way to end is told as a value. */
import type { Query } from '@anthropic-ai/claude-agent-sdk';
import type { AgentDone, AgentEvent, AgentMessage, AgentRun, AgentSpec } from '../../../ports/agent.ts';
import type { Clock, Log } from '../../../ports/system.ts';
import { type EventChannel, eventChannel } from '../event-channel.ts';
import { attemptEndOf } from './attempt-end.ts';
import { type ConfinedProgram, programPath, startProgram } from './confined-program.ts';
import { environmentOf } from './environment.ts';
import { type Inbox, inbox } from './inbox.ts';
import { mapMessage } from './map-message.ts';
import { newMappingState } from './mapping-state.ts';
import { type PermissionDesk, permissionDesk } from './permission-desk.ts';
import type { ClaudeProgram, Sdk } from './program.ts';
import { type Fields, isFields, numberOf } from './sdk-message.ts';
import { sessionOptions } from './session-options.ts';
import { type TurnTracker, turnTracker } from './turn-tracker.ts';

export interface SessionDeps {
  clock: Clock;
  log: Log;
  loadSdk: () => Promise<Sdk>;
  findProgram: () => Promise<ClaudeProgram>;
}

/** After its last turn the program ends within a second; what takes longer is a child that holds its output. */
const EXIT_GRACE_MS = 10_000;
/** After the last subagent the program wakes by itself within milliseconds; silence after that is the end of the turn. */
const WAKE_GRACE_MS = 3_000;
const INTERRUPT_TIMEOUT_MS = 10_000;

export class RunningSession implements AgentRun {
  readonly events: AsyncIterable<AgentEvent>;
  readonly done: Promise<AgentDone>;
  readonly #spec: AgentSpec;
  readonly #deps: SessionDeps;
  readonly #channel: EventChannel<AgentEvent> = eventChannel();
  readonly #inbox: Inbox = inbox();
  readonly #held: AgentMessage[] = [];
  readonly #tracker: TurnTracker = turnTracker();
  readonly #desk: PermissionDesk;
  readonly #mapping = newMappingState();
  #query: Query | null = null;
  #program: ConfinedProgram | null = null;
  #plan: string | null = null;
  #fatal: 'auth' | 'billing' | null = null;
  #thrown: string | null = null;
  #stopped = false;
  #finishing = false;
  #turnClosed = true;
  #cancelTimer: () => void = () => {};

  constructor(spec: AgentSpec, deps: SessionDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.events = this.#channel;
    this.#desk = permissionDesk(spec.mode, spec.sessionFolder, (event) => this.#channel.push(event));
    this.done = this.#live();
  }

  send(message: AgentMessage): void {
    if (this.#tracker.open || !this.#turnClosed) this.#held.push(message);
    else this.#begin(message);
  }

  async interrupt(): Promise<void> {
    const query = this.#query;
    if (query === null || !this.#tracker.open) return;
    const answered = query.interrupt().catch((error: unknown) => {
      // The program ended meanwhile: then there is nothing left to interrupt, and `done` tells the rest.
      this.#deps.log.debug({ error: String(error) }, 'interrupt was not answered');
    });
    await Promise.race([answered, this.#deps.clock.sleep(INTERRUPT_TIMEOUT_MS)]);
    for (const task of this.#tracker.subagents) await query.stopTask(task).catch(() => undefined);
    this.#tracker.abandonSubagents();
    this.#closeTurnIfOver();
  }

  finish(): void {
    this.#finishing = true;
    this.#endIfIdle();
  }

  answer(requestId: string, answers: Record<string, string[]>): boolean {
    return this.#desk.answer(requestId, answers);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#channel.release();
    this.#inbox.end();
    const program = this.#program;
    if (program !== null) {
      program.kill('SIGTERM');
      const ended = await Promise.race([program.ended.then(() => true), this.#deps.clock.sleep(graceMs).then(() => false)]);
      if (!ended) await this.#force(program);
    }
    await this.done;
  }

  #begin(message: AgentMessage): void {
    this.#turnClosed = false;
    this.#desk.forgetPlan();
    this.#tracker.begin();
    this.#inbox.give(message);
  }

  async #live(): Promise<AgentDone> {
    this.#begin(this.#spec.first);
    try {
      for await (const message of await this.#open()) this.#take(message);
    } catch (error) {
      // After an error result the SDK throws what it has told already; without a result this is the cause.
      this.#thrown = error instanceof Error ? error.message : String(error);
    }
    this.#cancelTimer();
    await this.#awaitExit();
    const done = this.#conclude();
    this.#channel.end();
    return done;
  }

  async #open(): Promise<AsyncIterable<unknown>> {
    const [sdk, program] = await Promise.all([this.#deps.loadSdk(), this.#deps.findProgram()]);
    if (this.#stopped) return none();
    const env = environmentOf(this.#spec);
    const query = sdk.query({
      prompt: this.#inbox,
      options: {
        ...sessionOptions(this.#spec),
        env,
        pathToClaudeCodeExecutable: programPath(this.#spec.confinement, program.path),
        canUseTool: this.#desk.canUseTool,
        spawnClaudeCodeProcess: (options) => {
          this.#program = startProgram(this.#spec.confinement, options, env, () => this.#channel.ready());
          return this.#program;
        },
      },
    });
    this.#query = query;
    return query;
  }

  #take(message: unknown): void {
    if (!isFields(message)) return;
    this.#cancelTimer();
    this.#tracker.observe(message);
    for (const event of mapMessage(message, this.#mapping)) this.#channel.push(event);
    if (message.type === 'system' && message.subtype === 'api_retry') this.#abortIfHopeless(message);
    this.#closeTurnIfOver();
    if (this.#tracker.hasResult && !this.#turnClosed && this.#tracker.subagents.size === 0) this.#expectWaking();
  }

  /** Retrying a refused credential or an unpaid bill only delays the bad news. */
  #abortIfHopeless(message: Fields): void {
    const status = numberOf(message.error_status);
    if (message.error === 'billing_error' || status === 402) this.#fatal = 'billing';
    else if (message.error === 'authentication_failed' || status === 401) this.#fatal = 'auth';
    else return;
    this.#inbox.end();
    this.#program?.kill('SIGTERM');
    this.#forceExitLater();
  }

  /** A subagent was the last thing that ran, and it may have ended without waking the agent. */
  #expectWaking(): void {
    this.#cancelTimer = this.#deps.clock.after(WAKE_GRACE_MS, () => {
      this.#tracker.abandonSubagents();
      this.#closeTurnIfOver();
    });
  }

  #closeTurnIfOver(): void {
    if (this.#turnClosed || this.#tracker.open || this.#tracker.last === null) return;
    this.#turnClosed = true;
    const { last } = this.#tracker;
    this.#plan = this.#planOf(last.outcome === 'completed' ? last.text : null);
    const handedOver = this.#desk.plan !== null;
    this.#channel.push({
      type: 'turn_ended',
      text: handedOver ? (this.#plan ?? '') : last.text,
      ok: handedOver || last.outcome === 'completed',
      structured: last.structured,
    });
    const next = this.#held.shift();
    if (next !== undefined) this.#begin(next);
    else this.#endIfIdle();
  }

  /** The tool may carry the plan, the agent may have written it into the program's plan file, or just said it. */
  #planOf(finalText: string | null): string | null {
    if (this.#spec.mode !== 'plan') return null;
    if (this.#desk.plan !== null) return this.#desk.plan.text ?? this.#tracker.writtenPlan ?? this.#tracker.text;
    return finalText;
  }

  #endIfIdle(): void {
    if (!this.#finishing || !this.#turnClosed || this.#held.length > 0) return;
    this.#inbox.end();
    this.#forceExitLater();
  }

  #forceExitLater(): void {
    this.#cancelTimer();
    const program = this.#program;
    if (program === null) return;
    const cancel = this.#deps.clock.after(EXIT_GRACE_MS, () => {
      const text = 'The agent program did not end by itself after its work; it was stopped, its result is kept.';
      this.#channel.push({ type: 'notice', level: 'warn', text });
      void this.#force(program);
    });
    program.ended.finally(cancel).catch(() => undefined);
  }

  async #force(program: ConfinedProgram): Promise<void> {
    this.#channel.release();
    await program.force(this.#spec.confinement, this.#deps.clock).catch((error: unknown) => {
      this.#deps.log.error({ error: String(error) }, 'an agent program could not be ended');
    });
  }

  async #awaitExit(): Promise<void> {
    const program = this.#program;
    if (program === null || program.end !== null) return;
    program.kill('SIGTERM');
    const ended = program.ended.then(
      () => true,
      () => true,
    );
    const inTime = await Promise.race([ended, this.#deps.clock.sleep(EXIT_GRACE_MS).then(() => false)]);
    if (!inTime) await this.#force(program);
  }

  #conclude(): AgentDone {
    const tracker = this.#tracker;
    const end = attemptEndOf({
      turn: tracker.last,
      turnOpen: !this.#turnClosed,
      exit: this.#program?.end ?? null,
      exceeded: this.#spec.confinement.exceeded(),
      stopped: this.#stopped,
      fatal: this.#fatal,
      limitUntilMs: tracker.limitUntilMs,
      started: tracker.started,
      planned: this.#desk.plan !== null,
      thrown: this.#thrown,
      stderrTail: this.#program?.stderrTail ?? '',
    });
    return {
      ...end,
      text: tracker.last?.text ?? '',
      structured: tracker.last?.structured ?? null,
      plan: this.#plan,
      agentCostUsd: tracker.costUsd,
      stderrTail: this.#program?.stderrTail ?? '',
    };
  }
}

async function* none(): AsyncGenerator<never> {}

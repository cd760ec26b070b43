/** One life of the fake agent: a process in the confinement that stands for it, and scripts that it plays. */
import type { Outcome } from '../../../core/run/outcome.ts';
import type { AgentDone, AgentEvent, AgentMessage, AgentRun, AgentSpec } from '../../../ports/agent.ts';
import type { ConfinedEnd, ConfinedProcess } from '../../../ports/sandbox.ts';
import type { Clock, Random } from '../../../ports/system.ts';
import { eventChannel } from '../event-channel.ts';
import { type FakeSession, openSession, saveSession } from './fake-session.ts';
import { perform, type Stage, TurnFailed } from './perform.ts';
import { parseScript } from './script.ts';

interface LastTurn {
  outcome: Outcome;
  detail: string;
  untilMs: number | null;
  exitCode: number | null;
  resumable: boolean;
  sessionGone?: true;
}

const COMPLETED: LastTurn = {
  outcome: 'completed',
  detail: 'The agent finished its turn.',
  untilMs: null,
  exitCode: null,
  resumable: true,
};
const INTERRUPTED: LastTurn = { ...COMPLETED, outcome: 'interrupted', detail: 'The turn was interrupted.' };

export class FakeRun implements AgentRun {
  readonly events: AsyncIterable<AgentEvent>;
  readonly done: Promise<AgentDone>;
  readonly #spec: AgentSpec;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #channel = eventChannel<AgentEvent>();
  readonly #asked = new Map<string, (answers: Record<string, string[]>) => void>();
  readonly #process: ConfinedProcess;
  readonly #state: Stage['state'] = { text: '', structured: null, plan: null, costUsd: 0, toolCalls: 0 };
  readonly #waiting: AgentMessage[];
  #end: ConfinedEnd | null = null;
  #finishing = false;
  #stopped = false;
  #turn: AbortController | null = null;
  #wake: () => void = () => {};

  constructor(spec: AgentSpec, clock: Clock, random: Random) {
    this.#spec = spec;
    this.#clock = clock;
    this.#random = random;
    this.#waiting = [spec.first];
    this.events = this.#channel;
    // Lives until its input is closed: what is killed, capped and found by its pid in place of a real agent.
    this.#process = spec.confinement.start({ command: '/bin/cat', args: [], env: spec.env, cwd: spec.cwd });
    this.#process.stdin.on('error', () => {});
    this.#process.stdout.resume();
    this.#process.stderr.resume();
    this.#process.ended.then((end) => {
      this.#end = end;
      this.#turn?.abort(new Error('the agent process ended'));
      this.#wake();
    });
    this.done = this.#live();
  }

  send(message: AgentMessage): void {
    this.#waiting.push(message);
    this.#wake();
  }

  async interrupt(): Promise<void> {
    this.#turn?.abort(new Error('interrupted'));
  }

  finish(): void {
    this.#finishing = true;
    this.#wake();
  }

  answer(requestId: string, answers: Record<string, string[]>): boolean {
    const resolve = this.#asked.get(requestId);
    this.#asked.delete(requestId);
    resolve?.(answers);
    return resolve !== undefined;
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    this.#turn?.abort(new Error('stopped'));
    this.#wake();
    this.#process.signal('SIGTERM');
    const ended = await Promise.race([this.#process.ended.then(() => true), this.#clock.sleep(graceMs).then(() => false)]);
    if (!ended && this.#process.kill !== undefined) this.#process.kill();
    else if (!ended) await this.#spec.confinement.close(0);
    await this.done;
  }

  async #live(): Promise<AgentDone> {
    const session = await openSession(this.#spec);
    let last: LastTurn = {
      ...COMPLETED,
      outcome: 'agent_exit',
      detail: 'The agent no longer has this session.',
      resumable: false,
      sessionGone: true,
      exitCode: 1,
    };
    if (session !== null) {
      const { sessionId, model } = this.#spec;
      this.#channel.push({
        type: 'started',
        sessionId,
        model,
        version: '1',
        tools: ['Bash', 'Write', 'AskUserQuestion'],
        commands: ['compact'],
      });
      last = await this.#turns(session);
    }
    this.#process.stdin.end();
    const end = this.#end ?? (await this.#process.ended);
    this.#channel.end();
    return this.#done(last, end);
  }

  async #turns(session: FakeSession): Promise<LastTurn> {
    let last = INTERRUPTED;
    while (!this.#stopped && this.#end === null) {
      const message = this.#waiting.shift();
      if (message === undefined) {
        if (this.#finishing) return last;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      last = await this.#play(message, session);
      if (this.#end !== null || this.#stopped) return last;
      const { text, structured, costUsd, toolCalls } = this.#state;
      this.#channel.push({ type: 'usage', costUsd, turns: toolCalls });
      this.#channel.push({ type: 'turn_ended', text: this.#state.plan ?? text, ok: last.outcome === 'completed', structured });
    }
    return last;
  }

  async #play(message: AgentMessage, session: FakeSession): Promise<LastTurn> {
    const turn = new AbortController();
    this.#turn = turn;
    this.#state.text = message.images.length > 0 ? `I see ${message.images.length} image(s).` : 'Done.';
    session.prompts.push(message.text);
    await saveSession(this.#spec, session);
    try {
      for (const order of parseScript(message.text)) {
        turn.signal.throwIfAborted();
        await perform(order, this.#stage(session, turn.signal));
      }
      if (this.#spec.mode === 'plan') this.#state.plan ??= this.#state.text;
      return COMPLETED;
    } catch (error) {
      if (error instanceof TurnFailed) return { ...error.end, resumable: true };
      if (turn.signal.aborted) return INTERRUPTED;
      throw error;
    } finally {
      this.#turn = null;
    }
  }

  #stage(session: FakeSession, signal: AbortSignal): Stage {
    return {
      spec: this.#spec,
      clock: this.#clock,
      random: this.#random,
      session,
      signal,
      state: this.#state,
      emit: (event) => this.#channel.push(event),
      ask: (requestId) => new Promise((resolve) => this.#asked.set(requestId, resolve)),
    };
  }

  #done(last: LastTurn, end: ConfinedEnd): AgentDone {
    const { text, structured, plan, costUsd } = this.#state;
    const exceeded = this.#spec.confinement.exceeded();
    const died = !this.#stopped && !this.#finishing && (end.signal !== null || (end.exitCode ?? 0) !== 0);
    const how: Partial<AgentDone> =
      died && exceeded !== null
        ? { outcome: `resource_${exceeded}`, detail: `The agent used more ${exceeded} than its cap allows.` }
        : died
          ? { outcome: 'agent_exit', detail: `The agent program ended with ${end.signal ?? `code ${end.exitCode}`}.` }
          : this.#stopped
            ? { outcome: 'interrupted', detail: 'The attempt was stopped.' }
            : {};
    return {
      ...last,
      exitCode: last.exitCode ?? end.exitCode,
      exitSignal: end.signal,
      text,
      structured,
      plan,
      agentCostUsd: costUsd,
      stderrTail: '',
      ...how,
    };
  }
}

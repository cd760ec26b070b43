/** Brings the agent's questions to the person at the terminal, one at a time; where nobody can type it says how to answer. */
import type { Question } from '../../contract/resources.ts';
import type { CommandContext } from '../command.ts';
import { describeFailure, renderFailure } from '../failure.ts';
import { renderQuestion } from '../questions/render.ts';
import { shortId } from '../terminal/format.ts';

interface Pausable {
  pause?: () => void;
  resume?: () => void;
}

export class QuestionDesk {
  readonly #context: CommandContext;
  readonly #seen = new Set<string>();
  #open: readonly Question[] = [];
  #view: Pausable = {};
  #asking: { id: string; abort: AbortController; ended: Promise<void> } | null = null;
  #suspended = false;
  #interrupted = (): void => {};

  constructor(context: CommandContext) {
    this.#context = context;
  }

  /** Ctrl-C inside a prompt does not arrive as a signal. */
  onInterrupt(listener: () => void): void {
    this.#interrupted = listener;
  }

  update(open: readonly Question[], view: Pausable): void {
    this.#open = open;
    this.#view = view;
    const asking = this.#asking;
    if (asking !== null && !open.some((question) => question.id === asking.id)) asking.abort.abort();
    this.#next();
  }

  /** Takes the question off the screen; it is asked again after `goOn`. */
  async suspend(): Promise<void> {
    this.#suspended = true;
    const asking = this.#asking;
    if (asking === null) return;
    this.#seen.delete(asking.id);
    asking.abort.abort();
    await asking.ended;
  }

  goOn(): void {
    this.#suspended = false;
    this.#next();
  }

  async close(): Promise<void> {
    this.#open = [];
    await this.suspend();
  }

  #next(): void {
    if (this.#asking !== null || this.#suspended) return;
    const question = this.#open.find((each) => !this.#seen.has(each.id));
    if (question === undefined) return;
    this.#seen.add(question.id);
    if (!this.#context.io.stdinIsTerminal || !this.#context.io.out.isTerminal) {
      this.#context.io.err.write(renderQuestion(question, this.#context.style));
      this.#context.io.err.write(`Answer with: gluon answer ${shortId(question.run_id)} 1\n`);
      this.#next();
      return;
    }
    const abort = new AbortController();
    this.#asking = { id: question.id, abort, ended: this.#ask(question, abort.signal) };
  }

  async #ask(question: Question, signal: AbortSignal): Promise<void> {
    this.#view.pause?.();
    let cancelled = false;
    try {
      const { askOnTerminal } = await import('../questions/ask-on-terminal.ts');
      const answers = await askOnTerminal(question, signal, this.#context.style, this.#context.io);
      if (answers !== null) await this.#context.client.call('questions.answer', { question: question.id, answers });
      else if (signal.aborted && !this.#suspended) this.#context.io.out.write('  (answered elsewhere)\n');
      else cancelled = !signal.aborted;
    } catch (error) {
      // An answer that came too late, or was refused, is said and does not end the following of the run.
      this.#context.io.err.write(renderFailure(describeFailure(error), false));
    } finally {
      this.#asking = null;
      this.#view.resume?.();
    }
    if (cancelled) {
      // Not answered: it is asked again when the person stays.
      this.#seen.delete(question.id);
      this.#suspended = true;
      this.#interrupted();
    } else {
      this.#next();
    }
  }
}

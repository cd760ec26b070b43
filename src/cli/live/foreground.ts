/** Stays with a run until it ends: shows it, asks its questions, and handles Ctrl-C. */
import type { Question, Run, TranscriptRecord } from '../../contract/resources.ts';
import type { CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { shortId } from '../terminal/format.ts';
import { printJson } from '../terminal/print.ts';
import { asText } from '../transcript/lines.ts';
import { finalText, renderEnd } from './end-of-run.ts';
import { type Following, followRun, type RunView } from './follow-run.ts';
import { QuestionDesk } from './question-desk.ts';
import { TerminalView } from './terminal-view.ts';
import { workedMs } from './worked-time.ts';

export interface ForegroundOptions {
  readonly afterSeq: number;
  /** Only the final text. */
  readonly quiet: boolean;
  /** Ctrl-C leaves the run alone without asking: for somebody who only looks. */
  readonly onlyLooks?: boolean;
}

/** 0 when the run ended `completed`, 1 when not, 130 when the person left or stopped it. */
export async function stayWithRun(context: CommandContext, run: Run, options: ForegroundOptions): Promise<ExitCode> {
  const silent = options.quiet || context.json;
  const last = new LastText();
  const desk = silent ? null : new QuestionDesk(context);
  const shown = silent ? null : new TerminalView(context.io, context.style, run, { onQuestions: (open) => desk?.update(open, view) });
  const view: RunView & Partial<Pick<TerminalView, 'pause' | 'resume' | 'close'>> = shown ?? new SilentView(context, last);
  const following = followRun(context.client, context.io.clock, run, view, { afterSeq: options.afterSeq });
  const interruption = new Interruption(context, run, following, shown, desk, options.onlyLooks === true);
  try {
    const ended = await following.done;
    await desk?.close();
    shown?.close();
    if (interruption.detached) {
      context.io.err.write(`The run ${shortId(run.id)} goes on. Come back with: gluon attach ${shortId(run.id)}\n`);
      return 130;
    }
    const end = async () => renderEnd(ended, await workedMs(context.client, ended, context.io.clock.nowMs()), context.style);
    if (context.json) printJson(context.io, ended);
    else if (options.quiet) context.io.out.write(finalText(last.text));
    else context.io.out.write(await end());
    if (options.quiet && ended.outcome !== 'completed') context.io.err.write(await end());
    return interruption.stopped ? 130 : ended.outcome === 'completed' ? 0 : 1;
  } finally {
    interruption.close();
    await desk?.close();
    shown?.close();
  }
}

class LastText {
  text = '';

  see(record: TranscriptRecord): void {
    const isMain = record.type === 'result' || (record.type === 'text' && record.parent === null);
    if (isMain && asText(record.text) !== '') this.text = asText(record.text);
  }
}

/** Prints nothing but the hint that somebody must answer. */
class SilentView implements RunView {
  readonly #context: CommandContext;
  readonly #last: LastText;
  #told = new Set<string>();

  constructor(context: CommandContext, last: LastText) {
    this.#context = context;
    this.#last = last;
  }

  record(record: TranscriptRecord): void {
    this.#last.see(record);
  }

  delta(): void {}

  run(): void {}

  questions(open: readonly Question[]): void {
    for (const question of open) {
      if (this.#told.has(question.id)) continue;
      this.#told.add(question.id);
      this.#context.io.err.write(`The agent asks; answer with: gluon answer ${shortId(question.run_id)}\n`);
    }
  }
}

/** Ctrl-C: on a terminal the choice to stop or to detach, and detach at once at the second; elsewhere the run is stopped. */
class Interruption {
  readonly #context: CommandContext;
  readonly #run: Run;
  readonly #following: Following;
  readonly #view: TerminalView | null;
  readonly #desk: QuestionDesk | null;
  readonly #onlyLooks: boolean;
  readonly #unlisten: () => void;
  #count = 0;
  detached = false;
  stopped = false;

  constructor(
    context: CommandContext,
    run: Run,
    following: Following,
    view: TerminalView | null,
    desk: QuestionDesk | null,
    onlyLooks: boolean,
  ) {
    this.#context = context;
    this.#run = run;
    this.#following = following;
    this.#view = view;
    this.#desk = desk;
    this.#onlyLooks = onlyLooks;
    this.#unlisten = context.io.onInterrupt((signal) => this.#interrupted(signal));
    desk?.onInterrupt(() => this.#interrupted('SIGINT'));
  }

  close(): void {
    this.#unlisten();
  }

  #interrupted(signal: 'SIGINT' | 'SIGTERM'): void {
    this.#count += 1;
    // A polite stop is meant for this program; the run belongs to the server.
    if (this.#onlyLooks || this.#count > 1 || signal === 'SIGTERM') {
      this.#detach();
      return;
    }
    const decide =
      this.#view !== null && this.#context.io.stdinIsTerminal && this.#context.io.out.isTerminal ? this.#offer() : this.#stop();
    decide.catch((error: unknown) => {
      this.#context.io.err.write(`gluon: ${error instanceof Error ? error.message : String(error)}\n`);
      this.#detach();
    });
  }

  #detach(): void {
    this.detached = true;
    this.#following.stop();
  }

  async #stop(): Promise<void> {
    this.stopped = true;
    await this.#context.client.call('runs.cancel', { run: this.#run.id });
  }

  async #offer(): Promise<void> {
    await this.#desk?.suspend();
    this.#view?.pause();
    const { select, isCancel } = await import('@clack/prompts');
    const choice = await select({
      message: 'Interrupted. What now?',
      options: [
        { value: 'detach', label: 'Detach', hint: 'the run goes on in the background' },
        { value: 'stop', label: 'Stop the run', hint: 'its work is kept' },
        { value: 'stay', label: 'Stay with it' },
      ],
    });
    this.#view?.resume();
    if (isCancel(choice) || choice === 'detach') return this.#detach();
    this.#count = 0;
    if (choice === 'stop') return this.#stop();
    this.#desk?.goOn();
  }
}

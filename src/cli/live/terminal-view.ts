/** A run as it goes on, in a terminal or a pipe: whole records as lines, partial text as it grows, and one line at the bottom that ticks. */
import type { Question, Run, TranscriptRecord } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import type { CliIo } from '../io.ts';
import { duration, oneLine, plural, usd } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { cutToWidth } from '../terminal/width.ts';
import { asText, TranscriptLines } from '../transcript/lines.ts';
import type { RunView } from './follow-run.ts';

const TICK_MS = 1_000;
const CLEAR_LINE = '\r\u001b[2K';

export interface TerminalViewOptions {
  readonly onQuestions?: (open: readonly Question[]) => void;
  /** Which records are shown; by default all. */
  readonly shows?: (record: TranscriptRecord) => boolean;
}

export class TerminalView implements RunView {
  readonly #io: CliIo;
  readonly #style: Style;
  readonly #options: TerminalViewOptions;
  readonly #lines: TranscriptLines;
  #run: Run;
  /** What of a block is on the screen, as it came. */
  #partial: { block: string; shown: string } | null = null;
  #midLine = false;
  #statusShown = false;
  #paused: PromiseWithResolvers<void> | null = null;
  #closed = false;
  #cancelTick = (): void => {};

  constructor(io: CliIo, style: Style, run: Run, options: TerminalViewOptions = {}) {
    this.#io = io;
    this.#style = style;
    this.#run = run;
    this.#options = options;
    const menuAsks = options.onQuestions !== undefined && io.stdinIsTerminal && io.out.isTerminal;
    this.#lines = new TranscriptLines(style, { root: run.worktree_path, menuAsks });
    if (io.out.isTerminal) this.#tick();
  }

  async record(record: TranscriptRecord): Promise<void> {
    await this.#paused?.promise;
    if (this.#options.shows?.(record) === false) return;
    const partial = this.#partial;
    if (partial !== null && record.type === 'text' && record.parent === null) {
      this.#partial = null;
      const lines = this.#lines.add(record);
      const text = asText(record.text);
      if (text.startsWith(partial.shown)) return this.#put(`${stripTerminal(text.slice(partial.shown.length)).trimEnd()}\n`, true);
      return this.#put(lines);
    }
    this.#put(this.#lines.add(record));
  }

  async delta(delta: { block: string; text: string; fresh: boolean }): Promise<void> {
    await this.#paused?.promise;
    if (!this.#io.out.isTerminal || !delta.fresh || this.#options.shows !== undefined) return;
    const goesOn = this.#partial?.block === delta.block;
    if (!goesOn) this.#partial = { block: delta.block, shown: '' };
    if (this.#partial !== null) this.#partial.shown += delta.text;
    this.#put(stripTerminal(delta.text), goesOn);
  }

  run(run: Run): void {
    this.#run = run;
    this.#drawStatus();
  }

  questions(open: readonly Question[]): void {
    this.#options.onQuestions?.(open);
  }

  /** Holds everything back while something else uses the terminal. */
  pause(): void {
    this.#hideStatus();
    if (this.#midLine) this.#io.out.write('\n');
    this.#midLine = false;
    this.#paused ??= Promise.withResolvers<void>();
  }

  resume(): void {
    this.#paused?.resolve();
    this.#paused = null;
    this.#drawStatus();
  }

  /** Takes the ticking line away and says what stayed open. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.resume();
    this.#cancelTick();
    this.#put(this.#lines.finish());
    this.#hideStatus();
    if (this.#midLine) this.#io.out.write('\n');
    this.#midLine = false;
  }

  #put(text: string, sameLine = false): void {
    if (text === '') return;
    this.#hideStatus();
    if (this.#midLine && !sameLine) this.#io.out.write('\n');
    this.#io.out.write(text);
    this.#midLine = !text.endsWith('\n');
    this.#drawStatus();
  }

  #tick(): void {
    this.#cancelTick = this.#io.clock.after(TICK_MS, () => {
      this.#drawStatus();
      this.#tick();
    });
  }

  #hideStatus(): void {
    if (this.#statusShown) this.#io.out.write(CLEAR_LINE);
    this.#statusShown = false;
  }

  #drawStatus(): void {
    if (this.#closed || !this.#io.out.isTerminal || this.#midLine || this.#paused !== null) return;
    const text = cutToWidth(statusText(this.#run, this.#lines.current(), this.#io.clock.nowMs()), (this.#io.out.columns() ?? 80) - 1);
    this.#io.out.write(`${CLEAR_LINE}${this.#style('dim', text)}`);
    this.#statusShown = true;
  }
}

/** `running 12s · $0.0123 · 3 calls · ● Bash npm test`. */
function statusText(run: Run, current: string | null, nowMs: number): string {
  const since = run.started_at ?? run.created_at;
  const parts = [
    `${run.status} ${duration(nowMs - Date.parse(since)).replace(/\.\d/, '')}`,
    usd(run.cost_usd),
    plural(run.model_calls, 'call'),
  ];
  if (run.waiting !== null) parts.push(`waits for ${run.waiting.reason}: ${oneLine(run.waiting.detail)}`);
  else if (current !== null) parts.push(current);
  return parts.join(' · ');
}

/** Transcript records as lines for people. A tool call and its result make one line. Everything in them was written by an agent: nothing passes unstripped. */
import type { TranscriptRecord } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import { duration, oneLine, shortId } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';

const SUMMARY_COLUMNS = 100;
const FAILURE_LINES = 6;

/** Gluon takes the plan by refusing the call, so that the agent stops there: nothing of it has failed. */
const PLAN_TOOL = 'ExitPlanMode';

interface PendingTool {
  readonly name: string;
  readonly summary: string;
  readonly atMs: number;
  readonly nested: boolean;
}

export interface TranscriptLinesOptions {
  /** Where the run works: paths below it are shown as from there. */
  readonly root?: string | null;
  /** A menu asks the question a moment later: its options are not numbered here, where nobody could type the numbers. */
  readonly menuAsks?: boolean;
}

export class TranscriptLines {
  readonly #style: Style;
  readonly #options: TranscriptLinesOptions;
  readonly #tools = new Map<string, PendingTool>();
  #lastText = '';

  constructor(style: Style, options: TranscriptLinesOptions = {}) {
    this.#style = style;
    this.#options = options;
  }

  /** The lines that the record adds, each with its newline; empty when it adds none. */
  add(record: TranscriptRecord): string {
    const style = this.#style;
    const indent = typeof record.parent === 'string' ? '  ' : '';
    const text = asText(record.text);
    switch (record.type) {
      case 'user':
        return `${style('cyan', `› ${block(text, '  ')}`)}\n`;
      case 'text':
        if (indent === '') this.#lastText = text;
        return `${indent}${block(text, indent)}\n`;
      case 'thinking':
        return `${indent}${style('dim', `~ ${oneLine(text, SUMMARY_COLUMNS)}`)}\n`;
      case 'tool_use':
        return this.#toolStarted(record, indent !== '');
      case 'tool_result':
        return this.#toolEnded(record, indent);
      case 'result':
        return this.#result(record, text);
      case 'error':
        return `${style('red', `✗ ${block(text, '  ')}`)}\n`;
      case 'system':
        return `${style('dim', `· ${oneLine(text, 200)}`)}\n`;
      case 'screenshot':
        return `${style('dim', `▣ screenshot ${shortId(asText(record.attachment))}`)}\n`;
      case 'subagent':
        return `${indent}${style('dim', `◇ ${oneLine(`${asText(record.kind)} ${asText(record.state)}: ${asText(record.summary)}`, SUMMARY_COLUMNS)}`)}\n`;
      case 'question':
        return questionLines(record, style, this.#options.menuAsks === true);
      case 'rate_limit':
        return `${style('yellow', `… ${rateLimitSentence(record)}`)}\n`;
      case 'usage':
        return '';
      default:
        return record.type satisfies never;
    }
  }

  /** What the agent does right now, for a line that is redrawn. */
  current(): string | null {
    const last = [...this.#tools.values()].at(-1);
    return last === undefined ? null : `● ${last.name} ${last.summary}`;
  }

  /** Tool calls whose result never came. */
  finish(): string {
    const lines = [...this.#tools.values()].map((tool) => `${this.#toolHead(tool)} ${this.#style('dim', '… no result')}\n`);
    this.#tools.clear();
    return lines.join('');
  }

  #toolStarted(record: TranscriptRecord, nested: boolean): string {
    const name = oneLine(asText(record.name), 60);
    const summary = oneLine(this.#fromRoot(asText(record.summary) || inputSummary(record.input)), SUMMARY_COLUMNS);
    this.#tools.set(asText(record.id), { name, summary, atMs: Date.parse(record.at), nested });
    return '';
  }

  #fromRoot(text: string): string {
    const { root } = this.#options;
    return root === undefined || root === null ? text : text.replaceAll(`${root}/`, '');
  }

  #toolEnded(record: TranscriptRecord, indent: string): string {
    const id = asText(record.id);
    const tool = this.#tools.get(id) ?? {
      name: oneLine(asText(record.name), 60) || 'tool',
      summary: '',
      atMs: Number.NaN,
      nested: indent !== '',
    };
    this.#tools.delete(id);
    const tookMs = Date.parse(record.at) - tool.atMs;
    const took = Number.isFinite(tookMs) ? ` ${duration(tookMs)}` : '';
    const handedOver = tool.name === PLAN_TOOL;
    const failed = record.ok === false && !handedOver;
    const verdict = handedOver
      ? this.#style('green', `handed over${took}`)
      : failed
        ? this.#style('red', `failed${took}`)
        : this.#style('green', `ok${took}`);
    return `${this.#toolHead(tool)} … ${verdict}\n${failed ? this.#failure(asText(record.output), indent) : ''}`;
  }

  #toolHead(tool: PendingTool): string {
    return `${tool.nested ? '  ' : ''}● ${this.#style('bold', tool.name)}${tool.summary === '' ? '' : ` ${tool.summary}`}`;
  }

  #failure(output: string, indent: string): string {
    const lines = stripTerminal(output).trim().split('\n');
    if (lines.join('') === '') return '';
    const shown = lines.slice(0, FAILURE_LINES).map((line) => `${indent}    ${this.#style('dim', oneLine(line, 160))}\n`);
    const more = lines.length > FAILURE_LINES ? `${indent}    ${this.#style('dim', `… ${lines.length - FAILURE_LINES} more lines`)}\n` : '';
    return shown.join('') + more;
  }

  /** The final text was shown already when it is the last thing that the agent said. */
  #result(record: TranscriptRecord, text: string): string {
    if (record.ok === false) return `${this.#style('red', `✗ ${block(text || 'The turn failed.', '  ')}`)}\n`;
    return text === '' || text.trim() === this.#lastText.trim() ? '' : `${block(text, '')}\n`;
  }
}

/** Whether `--errors` shows it. */
export function isErrorRecord(record: TranscriptRecord): boolean {
  if (record.type === 'error' || record.type === 'rate_limit') return true;
  return (record.type === 'tool_result' || record.type === 'result') && record.ok === false && record.name !== PLAN_TOOL;
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function block(text: string, indent: string): string {
  return stripTerminal(text).trimEnd().replaceAll('\n', `\n${indent}`);
}

function inputSummary(input: unknown): string {
  return input === undefined || input === null ? '' : JSON.stringify(input);
}

function questionLines(record: TranscriptRecord, style: Style, menuAsks: boolean): string {
  const items = Array.isArray(record.items) ? (record.items as Record<string, unknown>[]) : [];
  return items
    .map((item) => {
      const options = Array.isArray(item.options) ? (item.options as Record<string, unknown>[]) : [];
      const question = style('yellow', `? ${oneLine(asText(item.question))}`);
      const labels = options.map((option) => oneLine(asText(option.label)));
      if (menuAsks) return `${question}${labels.length === 0 ? '' : style('dim', ` (${labels.join(' / ')})`)}\n`;
      return `${question}\n${labels.map((label, index) => `    ${index + 1}. ${label}\n`).join('')}`;
    })
    .join('');
}

function rateLimitSentence(record: TranscriptRecord): string {
  if (typeof record.retry === 'number') {
    const delay = typeof record.delay_ms === 'number' ? ` in ${duration(record.delay_ms)}` : '';
    return `the model did not answer (${oneLine(asText(record.cause), 80)}); try ${record.retry} of ${Number(record.of)}${delay}`;
  }
  return record.rejected === true ? 'the provider refuses more calls for now' : 'the provider says that its limit is near';
}

/**
 * Records to rows: a call and its result are one row, reads and searches in a row fold into one, what a subagent does stands below it.
 * Rows are only added at the end or replaced in place, so a record costs the same whatever came before it.
 */
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { type Call, callOf, type Fields, listOf, numberOf, orphan, stringsOf, textOf, withResult } from './records.ts';

interface Placed {
  /** Stable over new records; unique within the list. */
  readonly key: string;
  /** Of its first record. */
  readonly seq: number;
  readonly at: string;
}

export type Row =
  | (Placed & {
      readonly kind: 'prompt';
      readonly text: string;
      readonly by: string;
      readonly images: readonly string[];
      readonly cut: boolean;
    })
  | (Placed & { readonly kind: 'prose'; readonly text: string; readonly live: boolean; readonly cut: boolean })
  | (Placed & { readonly kind: 'thinking'; readonly text: string })
  | (Placed & { readonly kind: 'call'; readonly call: Call })
  | (Placed & { readonly kind: 'fold'; readonly verb: FoldVerb; readonly calls: readonly Call[] })
  | (Placed & { readonly kind: 'agents'; readonly agents: readonly Agent[] })
  | (Placed & { readonly kind: 'question'; readonly id: string; readonly items: readonly Fields[] })
  | (Placed & { readonly kind: 'wait'; readonly record: TranscriptRecord })
  | (Placed & { readonly kind: 'error'; readonly text: string; readonly outcome: string })
  | (Placed & { readonly kind: 'system'; readonly text: string; readonly attempt: number; readonly starts: boolean });

export type RowOf<K extends Row['kind']> = Extract<Row, { kind: K }>;
export type FoldVerb = 'Read' | 'Search';

export interface Agent {
  readonly call: Call;
  readonly kind: string;
  readonly state: 'running' | 'done' | 'failed';
  /** What it says of itself. */
  readonly summary: string;
  readonly tokens: number | null;
  /** Time of its last record. */
  readonly lastAt: string;
  readonly children: readonly Row[];
}

const FOLDED: Readonly<Record<string, FoldVerb>> = { Read: 'Read', Grep: 'Search', Glob: 'Search', LS: 'Search' };
const AGENTS: ReadonlySet<string> = new Set(['Agent', 'Task']);
/** Their question stands as a row of its own. */
const SILENT: ReadonlySet<string> = new Set(['AskUserQuestion']);
export const EDITS: ReadonlySet<string> = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit']);

export class RowBuilder {
  readonly #rows: Row[] = [];
  /** Where the row of a call stands, by the call's id. */
  readonly #calls = new Map<string, number>();
  readonly #hidden = new Set<string>();
  #lastProse = '';
  #lastEdit: string | null = null;
  #lastTodo: string | null = null;

  constructor(records: Iterable<TranscriptRecord> = []) {
    for (const record of records) this.add(record);
  }

  /** The same array all the time; its entries are replaced, never changed. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Key of the row of the newest call that changed a file; it is shown open. */
  get lastEdit(): string | null {
    return this.#lastEdit;
  }

  get lastTodo(): string | null {
    return this.#lastTodo;
  }

  add(record: TranscriptRecord): void {
    const parent = textOf(record.parent);
    if (parent !== '' && record.type !== 'subagent') this.#nested(parent, record);
    else this.#top(record);
  }

  #top(record: TranscriptRecord): void {
    switch (record.type) {
      case 'tool_use':
        this.#called(record);
        return;
      case 'tool_result':
        this.#ended(record);
        return;
      case 'screenshot':
        this.#pictured(record);
        return;
      case 'subagent':
        this.#reported(record);
        return;
      case 'rate_limit':
        this.#held(record);
        return;
      case 'result':
        this.#turnEnded(record);
        return;
      default: {
        const row = plainRow(record);
        if (row === null) return;
        if (row.kind === 'prose') this.#lastProse = row.text.trim();
        this.#rows.push(row);
      }
    }
  }

  #called(record: TranscriptRecord): void {
    const call = callOf(record);
    if (SILENT.has(call.name)) {
      this.#hidden.add(call.id);
      return;
    }
    this.#place(call);
  }

  #place(call: Call): void {
    const place = placed(call);
    const lastAt = this.#rows.length - 1;
    const last = this.#rows[lastAt];
    const verb = FOLDED[call.name];
    if (AGENTS.has(call.name)) {
      if (last?.kind === 'agents') this.#put(lastAt, { ...last, agents: [...last.agents, agentOf(call)] }, call);
      else this.#push({ ...place, kind: 'agents', agents: [agentOf(call)] }, call);
    } else if (verb !== undefined && last?.kind === 'fold' && last.verb === verb) {
      this.#put(lastAt, { ...last, calls: [...last.calls, call] }, call);
    } else if (verb !== undefined && last?.kind === 'call' && FOLDED[last.call.name] === verb) {
      const { key, seq, at } = last;
      this.#put(lastAt, { key, seq, at, kind: 'fold', verb, calls: [last.call, call] }, call);
    } else {
      if (EDITS.has(call.name)) this.#lastEdit = place.key;
      if (call.name === 'TodoWrite') this.#lastTodo = place.key;
      this.#push({ ...place, kind: 'call', call }, call);
    }
  }

  #ended(record: TranscriptRecord): void {
    const id = textOf(record.id);
    if (this.#hidden.delete(id)) return;
    if (this.#change(id, (call) => withResult(call, record))) return;
    if (SILENT.has(textOf(record.name))) return;
    this.#place(orphan(record));
  }

  #pictured(record: TranscriptRecord): void {
    const id = textOf(record.tool_id);
    const attachment = textOf(record.attachment);
    const shown = this.#change(id, (call) => ({ ...call, screenshots: [...call.screenshots, attachment] }));
    if (!shown) this.#place({ ...orphan(record), id, name: 'Screenshot', result: null, screenshots: [attachment] });
  }

  #reported(record: TranscriptRecord): void {
    const state = textOf(record.state);
    this.#changeAgent(textOf(record.parent) || textOf(record.id), record, (agent) => ({
      ...agent,
      kind: textOf(record.kind) || agent.kind,
      state: state === 'ended' ? (agent.state === 'failed' ? 'failed' : 'done') : agent.state === 'done' ? 'done' : 'running',
      summary: textOf(record.summary) || agent.summary,
      tokens: numberOf(record.tokens) ?? agent.tokens,
      lastAt: record.at,
    }));
  }

  #nested(parent: string, record: TranscriptRecord): void {
    this.#changeAgent(parent, record, (agent) => ({ ...agent, lastAt: record.at, children: nestedRows(agent.children, record) }));
  }

  /** A retry follows a retry: one line that counts, not ten. */
  #held(record: TranscriptRecord): void {
    const lastAt = this.#rows.length - 1;
    const last = this.#rows[lastAt];
    if (last?.kind === 'wait' && typeof record.retry === 'number' && typeof last.record.retry === 'number') {
      this.#rows[lastAt] = { ...last, record };
    } else this.#rows.push({ ...placed(record), kind: 'wait', record });
  }

  #turnEnded(record: TranscriptRecord): void {
    const text = textOf(record.text);
    if (record.ok === false) this.#rows.push({ ...placed(record), kind: 'error', text: text || 'The turn failed.', outcome: '' });
    else if (text.trim() !== '' && text.trim() !== this.#lastProse) {
      this.#rows.push({ ...placed(record), kind: 'prose', text, live: false, cut: record.cut !== undefined });
      this.#lastProse = text.trim();
    }
  }

  #push(row: Row, call: Call): void {
    this.#rows.push(row);
    this.#calls.set(call.id, this.#rows.length - 1);
  }

  #put(at: number, row: Row, call: Call): void {
    this.#rows[at] = row;
    this.#calls.set(call.id, at);
  }

  #change(id: string, change: (call: Call) => Call): boolean {
    const at = this.#calls.get(id);
    const row = at === undefined ? undefined : this.#rows[at];
    if (at === undefined || row === undefined) return false;
    const one = (call: Call): Call => (call.id === id ? change(call) : call);
    if (row.kind === 'call') this.#rows[at] = { ...row, call: one(row.call) };
    else if (row.kind === 'fold') this.#rows[at] = { ...row, calls: row.calls.map(one) };
    else if (row.kind === 'agents') this.#rows[at] = { ...row, agents: row.agents.map((agent) => settled(agent, one(agent.call))) };
    else return false;
    return true;
  }

  #changeAgent(id: string, record: TranscriptRecord, change: (agent: Agent) => Agent): void {
    let at = this.#calls.get(id);
    if (at === undefined) {
      // It began before the window: its name is not known here.
      this.#place({ ...callOf(record), id, name: 'Agent', input: {}, summary: textOf(record.summary), called: false });
      at = this.#calls.get(id);
    }
    const row = at === undefined ? undefined : this.#rows[at];
    if (at === undefined || row?.kind !== 'agents') return;
    this.#rows[at] = { ...row, agents: row.agents.map((agent) => (agent.call.id === id ? change(agent) : agent)) };
  }
}

/** Of an agent that works in the background the result comes at once; then its own reports say when it is done. */
function settled(agent: Agent, call: Call): Agent {
  if (call.result === null || call === agent.call) return { ...agent, call };
  const inBackground = call.result.ok && (agent.call.input.run_in_background === true || call.result.detail.status === 'async_launched');
  return { ...agent, call, state: inBackground ? agent.state : call.result.ok ? 'done' : 'failed' };
}

function agentOf(call: Call): Agent {
  return {
    call,
    kind: textOf(call.input.subagent_type),
    state: call.result === null ? 'running' : call.result.ok ? 'done' : 'failed',
    summary: '',
    tokens: null,
    lastAt: call.at,
    children: [],
  };
}

/** Rows of a subagent: flat, calls with their results. */
function nestedRows(rows: readonly Row[], record: TranscriptRecord): readonly Row[] {
  if (record.type === 'tool_use') {
    const call = callOf(record);
    return [...rows, { ...placed(record), kind: 'call', call }];
  }
  if (record.type === 'tool_result') {
    const id = textOf(record.id);
    const known = rows.some((row) => row.kind === 'call' && row.call.id === id);
    if (!known) return [...rows, { ...placed(record), kind: 'call', call: orphan(record) }];
    return rows.map((row) => (row.kind === 'call' && row.call.id === id ? { ...row, call: withResult(row.call, record) } : row));
  }
  const row = plainRow(record);
  return row === null ? rows : [...rows, row];
}

function placed({ seq, at }: { readonly seq: number; readonly at: string }): Placed {
  return { key: String(seq), seq, at };
}

/** Rows of records that stand for themselves. */
function plainRow(record: TranscriptRecord): Row | null {
  const place = placed(record);
  const text = textOf(record.text);
  const cut = record.cut !== undefined;
  switch (record.type) {
    case 'user':
      return { ...place, kind: 'prompt', text, by: textOf(record.by), images: stringsOf(record.images), cut };
    case 'text':
      return text.trim() === '' ? null : { ...place, kind: 'prose', text, live: false, cut };
    case 'thinking':
      return text.trim() === '' ? null : { ...place, kind: 'thinking', text };
    case 'question':
      return { ...place, kind: 'question', id: textOf(record.question), items: listOf(record.items) };
    case 'error':
      return { ...place, kind: 'error', text, outcome: textOf(record.outcome) };
    case 'system':
      return { ...place, kind: 'system', text, attempt: record.attempt, starts: record.session_id !== undefined };
    case 'result':
      return record.ok === false ? { ...place, kind: 'error', text: text || 'The turn failed.', outcome: '' } : null;
    default:
      // Usage is a figure, not a message; the rest belongs to calls.
      return null;
  }
}

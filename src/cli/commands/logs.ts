/** `gluon logs`: the transcript, what the agent program printed, or the server's own log. */
import type { Run, TranscriptRecord } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import type { Arguments, CommandCode, CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { followRun, isOver, type RunView } from '../live/follow-run.ts';
import { TerminalView } from '../live/terminal-view.ts';
import { runRef } from '../run-ref.ts';
import { oneLine } from '../terminal/format.ts';
import { safeJson } from '../terminal/json.ts';
import { printJson } from '../terminal/print.ts';
import { isErrorRecord, TranscriptLines } from '../transcript/lines.ts';
import { allRecords, lastRecords } from '../transcript/windows.ts';

const TOOL_TYPES = new Set(['tool_use', 'tool_result', 'subagent', 'screenshot']);
const TEXT_TYPES = new Set(['user', 'text', 'result', 'question']);

export const logs: CommandCode = async (context, args) => {
  if (args.required('run') === 'server') return serverLog(context, args);
  const run = runRef(args);
  const seq = args.number('record');
  if (seq !== undefined) {
    printJson(context.io, await context.client.call('runs.message', { run, seq }));
    return 0;
  }
  const stream = args.text('stream') ?? 'messages';
  if (stream === 'messages') return messages(context, args, run);
  const { programLog } = await import('./program-log.ts');
  return programLog(context, args, run, stream === 'stderr' ? 'stderr' : 'stdout');
};

async function messages(context: CommandContext, args: Arguments, ref: string): Promise<ExitCode> {
  const shows = recordFilter(args);
  const run = await context.client.call('runs.get', { run: ref });
  const tail = args.number('tail');
  const follow = args.flag('follow') && !isOver(run);
  if (!follow) {
    const records = tail === undefined ? allRecords(context.client, run.id, shows) : lastRecords(context.client, run.id, tail, shows);
    await print(context, run, records);
    return 0;
  }
  const { last_seq } = await context.client.call('runs.messages', { run: run.id, limit: 1 });
  const earlier = tail === undefined ? [] : await collect(lastRecords(context.client, run.id, tail, shows));
  const terminal = context.json ? null : new TerminalView(context.io, context.style, run, { shows });
  const view: RunView = terminal ?? new JsonLinesView(context, shows);
  for (const record of earlier) await view.record(record);
  const following = followRun(context.client, context.io.clock, run, view, {
    afterSeq: tail === undefined ? 0 : Math.max(last_seq, earlier.at(-1)?.seq ?? 0),
  });
  let interrupted = false;
  const unlisten = context.io.onInterrupt(() => {
    interrupted = true;
    following.stop();
  });
  try {
    await following.done;
  } finally {
    unlisten();
    terminal?.close();
  }
  return interrupted ? 130 : 0;
}

async function collect(records: AsyncIterable<TranscriptRecord>): Promise<TranscriptRecord[]> {
  const list: TranscriptRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

/** Several filters together show what any of them shows. */
function recordFilter(args: Arguments): ((record: TranscriptRecord) => boolean) | undefined {
  const [tools, text, errors] = [args.flag('tools'), args.flag('text'), args.flag('errors')];
  if (!tools && !text && !errors) return undefined;
  return (record) => (tools && TOOL_TYPES.has(record.type)) || (text && TEXT_TYPES.has(record.type)) || (errors && isErrorRecord(record));
}

/** With `--json` one array, written as the windows come: a long transcript is never held whole. */
async function print(context: CommandContext, run: Run, records: AsyncIterable<TranscriptRecord>): Promise<void> {
  const { out } = context.io;
  const lines = new TranscriptLines(context.style, { root: run.worktree_path });
  let first = true;
  if (context.json) out.write('[');
  for await (const record of records) {
    out.write(context.json ? `${first ? '' : ','}\n${safeJson(record)}` : lines.add(record));
    first = false;
  }
  out.write(context.json ? '\n]\n' : lines.finish());
}

class JsonLinesView implements RunView {
  readonly #context: CommandContext;
  readonly #shows: ((record: TranscriptRecord) => boolean) | undefined;

  constructor(context: CommandContext, shows: ((record: TranscriptRecord) => boolean) | undefined) {
    this.#context = context;
    this.#shows = shows;
  }

  record(record: TranscriptRecord): void {
    if (this.#shows?.(record) !== false) this.#context.io.out.write(`${safeJson(record)}\n`);
  }

  delta(): void {}
  run(): void {}
  questions(): void {}
}

async function serverLog(context: CommandContext, args: Arguments): Promise<ExitCode> {
  const read = await context.client.call('system.logs', { lines: args.number('tail') });
  if (context.json) printJson(context.io, read);
  else for (const entry of read.items) context.io.out.write(`${serverLogLine(entry)}\n`);
  return 0;
}

function serverLogLine(entry: Record<string, unknown>): string {
  const { time, level, msg, ...fields } = entry;
  const at = typeof time === 'number' ? new Date(time).toISOString() : String(time ?? '');
  const rest = Object.keys(fields).length === 0 ? '' : ` ${oneLine(safeJson(fields))}`;
  return stripTerminal(`${at} ${String(level ?? '')} ${oneLine(String(msg ?? ''))}${rest}`);
}

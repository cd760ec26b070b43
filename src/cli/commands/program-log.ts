import { stripTerminal } from '../../core/text/strip-terminal.ts';
import type { Arguments, CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { isOver } from '../live/follow-run.ts';
import { printJson } from '../terminal/print.ts';

/** A file that only grows is read again so often while it is followed. */
const READ_EVERY_MS = 500;
const WINDOW_BYTES = 262_144;

/** What the agent program printed. With `--json` one window as the operation gives it. */
export async function programLog(context: CommandContext, args: Arguments, run: string, stream: 'stdout' | 'stderr'): Promise<ExitCode> {
  const { client, io } = context;
  if (context.json) {
    printJson(io, await client.call('runs.logs', { run, stream, limit: 1_000_000 }));
    return 0;
  }
  const tail = args.number('tail');
  let offset = 0;
  if (tail !== undefined) {
    const last = await client.call('runs.logs', { run, stream, limit: 1_000_000 });
    io.out.write(stripTerminal(lastLines(last.text, tail)));
    offset = last.next_offset;
  }
  let interrupted = false;
  const unlisten = io.onInterrupt(() => {
    interrupted = true;
  });
  try {
    for (;;) {
      const over = isOver(await client.call('runs.get', { run }));
      offset = await printFrom(context, run, stream, offset);
      if (interrupted) return 130;
      if (!args.flag('follow') || over) return 0;
      await io.clock.sleep(READ_EVERY_MS);
    }
  } finally {
    unlisten();
  }
}

async function printFrom(context: CommandContext, run: string, stream: 'stdout' | 'stderr', from: number): Promise<number> {
  let offset = from;
  for (;;) {
    const window = await context.client.call('runs.logs', { run, stream, offset, limit: WINDOW_BYTES });
    context.io.out.write(stripTerminal(window.text));
    if (window.next_offset <= offset) return offset;
    offset = window.next_offset;
    if (offset >= window.total_bytes) return offset;
  }
}

function lastLines(text: string, count: number): string {
  const lines = text.split('\n');
  const ended = lines.at(-1) === '' ? 1 : 0;
  return count === 0 ? '' : lines.slice(-(count + ended)).join('\n');
}

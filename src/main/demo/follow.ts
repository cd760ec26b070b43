/** Shows what the runs do, line by line, until all of them have ended. */
import type { Run, TranscriptRecord } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import type { Clock } from '../../ports/system.ts';
import type { DemoServer } from './server-process.ts';

const LOOK_MS = 200;
const MAX_LINE = 110;
const LIMIT_MS = 180_000;

/** Name of each run by its id. Throws when they do not end in time. */
export async function followRuns(
  server: DemoServer,
  runs: ReadonlyMap<string, string>,
  clock: Clock,
  say: (line: string) => void,
): Promise<Run[]> {
  const seen = new Map<string, number>();
  const endMs = clock.monotonicMs() + LIMIT_MS;
  for (;;) {
    const now = await Promise.all([...runs.keys()].map((run) => server.call('runs.get', { run })));
    for (const run of now) {
      const { items } = await server.call('runs.messages', { run: run.id, after: seen.get(run.id) ?? 0, limit: 200 });
      for (const record of items) {
        seen.set(run.id, record.seq);
        const line = lineOf(record);
        if (line !== null) say(`${(runs.get(run.id) ?? '').padEnd(9)} ${cost(run).padStart(8)}  ${line}`);
      }
    }
    if (now.every((run) => run.status !== 'pending' && run.status !== 'running')) return now;
    if (clock.monotonicMs() > endMs) throw new Error('the runs did not end in time');
    await clock.sleep(LOOK_MS);
  }
}

export function cost(run: Run): string {
  return run.cost_usd === null ? '?' : `$${run.cost_usd.toFixed(4)}`;
}

function lineOf(record: TranscriptRecord): string | null {
  switch (record.type) {
    case 'text':
      return shown(`  ${record.text}`);
    case 'tool_use':
      return shown(`● ${record.name} ${record.summary}`);
    case 'tool_result':
      return record.ok === true ? null : shown(`  failed: ${record.output}`);
    case 'error':
      return shown(`! ${record.text}`);
    default:
      return null;
  }
}

function shown(text: string): string {
  const line = stripTerminal(text).replace(/\s*\n\s*/g, ' ');
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 1)}…` : line;
}

/** What a test file left behind: processes, listening sockets, timers and watchers that keep a process alive, temporary files. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type OwnProcess, ownProcesses } from './own-processes.ts';

/** Sockets of clients are not among them: connection pools keep those for seconds after the last request, on purpose. */
const KINDS = ['Timeout', 'TCPServerWrap', 'PipeWrap', 'ProcessWrap', 'FSEventWrap', 'StatWatcher'];

export interface Before {
  readonly processes: ReadonlySet<string>;
  readonly resources: ReadonlyMap<string, number>;
}

export function lookBefore(): Before {
  // They open when they are first looked at: that is no leak of the one who looks.
  void [process.stdin, process.stdout, process.stderr];
  return { processes: new Set(ownProcesses().map(identity)), resources: countResources() };
}

/** One sentence for each thing that was not there before. Timers that do not keep the process alive are not seen. */
export function findLeaks(before: Before): string[] {
  const processes = ownProcesses().filter((one) => !before.processes.has(identity(one)));
  const resources = [...countResources()].filter(([kind, count]) => count > (before.resources.get(kind) ?? 0));
  return [
    ...processes.map((one) => `process ${one.pid} still runs: ${one.command}`),
    ...resources.map(([kind, count]) => `${count - (before.resources.get(kind) ?? 0)} × ${kind} still open`),
  ];
}

/** Names left in the temporary folder of this worker. */
export function leftFiles(): string[] {
  return readdirSync(tmpdir());
}

const identity = (one: OwnProcess): string => `${one.pid}@${one.startedTicks}`;

function countResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) if (KINDS.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

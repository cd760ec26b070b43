/** Processes of the host as /proc shows them. Identity is pid and start time: pids are used again, the pair is not. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../../ports/sandbox.ts';

export interface ProcessFacts extends ProcessIdentity {
  parent: number;
  /** One letter; Z is dead and waits for its parent. */
  state: string;
  threads: number;
  /** Anonymous memory in bytes: what the process holds for itself. */
  privateBytes: number;
}

/** How many entries of /proc are read before others get a turn. */
const ENTRIES_PER_TURN = 64;
const PAGE_BYTES = 4096;

/** Null when there is no such process. */
export function processFacts(pid: number): ProcessFacts | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the name in brackets and may hold anything, brackets and spaces too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const started = fields[19];
  if (state === undefined || parent === undefined || started === undefined) return null;
  const [, resident = '0', shared = '0'] = (readProc(`/proc/${pid}/statm`) ?? '').split(' ');
  return {
    pid,
    started,
    state,
    parent: Number(parent),
    threads: Number(fields[17] ?? 1),
    privateBytes: Math.max(0, Number(resident) - Number(shared)) * PAGE_BYTES,
  };
}

export function processIdentity(pid: number): ProcessIdentity | null {
  const facts = processFacts(pid);
  return facts === null ? null : { pid, started: facts.started };
}

/** The very process, not a later one of the same number; a dead one that waits for its parent counts as gone. */
export function isAlive(identity: ProcessIdentity): boolean {
  const facts = processFacts(identity.pid);
  return facts !== null && facts.started === identity.started && facts.state !== 'Z';
}

/** Sends the signal if that very process still is. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (identity.pid <= 1 || !isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    // It ended between the look and the signal, or belongs to another user: either way there is nothing of ours to signal.
    return false;
  }
}

export async function allProcesses(): Promise<ProcessFacts[]> {
  const facts: ProcessFacts[] = [];
  await forEachPid((pid) => {
    const found = processFacts(pid);
    if (found !== null) facts.push(found);
  });
  return facts;
}

/** All below the given processes, themselves not included. */
export function descendants(all: readonly ProcessFacts[], roots: Iterable<number>): ProcessFacts[] {
  const children = Map.groupBy(all, (facts) => facts.parent);
  const found: ProcessFacts[] = [];
  const queue = [...roots];
  const seen = new Set(queue);
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (seen.has(child.pid)) continue;
      seen.add(child.pid);
      found.push(child);
      queue.push(child.pid);
    }
  }
  return found;
}

/** Live processes whose environment has all the given entries. Processes of other users cannot be read and are not ours. */
export async function markedProcesses(
  markers: Readonly<Record<string, string>>,
): Promise<(ProcessIdentity & { environment: ReadonlyMap<string, string> })[]> {
  const found: (ProcessIdentity & { environment: ReadonlyMap<string, string> })[] = [];
  const wanted = Object.entries(markers);
  await forEachPid((pid) => {
    const text = readProc(`/proc/${pid}/environ`);
    if (text === null || text === '' || !wanted.every(([name, value]) => text.includes(`${name}=${value}`))) return;
    const environment = new Map(text.split('\0').map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
    const identity = processIdentity(pid);
    if (identity !== null && wanted.every(([name, value]) => environment.get(name) === value)) found.push({ ...identity, environment });
  });
  return found;
}

/** Host pid of the process that has that pid in the innermost namespace and that parent on the host. */
export async function childWithInnerPid(parent: number, innerPid: number): Promise<ProcessIdentity | null> {
  for (const facts of descendants(await allProcesses(), [parent])) {
    if (facts.parent !== parent) continue;
    const line = /^NSpid:\s+(.*)$/m.exec(readProc(`/proc/${facts.pid}/status`) ?? '');
    if (line?.[1]?.split(/\s+/).at(-1) === String(innerPid)) return { pid: facts.pid, started: facts.started };
  }
  return null;
}

async function forEachPid(look: (pid: number) => void): Promise<void> {
  let count = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    look(Number(entry));
    count += 1;
    if (count % ENTRIES_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Null when the process is gone or not ours to read. */
function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone, or of another user.
    return null;
  }
}

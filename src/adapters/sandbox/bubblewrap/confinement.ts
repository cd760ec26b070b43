/** Everything of one attempt: its processes start through it and end with it. */

import { GluonError } from '../../../contract/errors.ts';
import type { CapsInForce } from '../../../contract/resources.ts';
import type { SandboxLevel } from '../../../core/run/attempt.ts';
import { MARKERS } from '../../../core/sandbox/environment.ts';
import type { Caps, ConfinedCommand, Confinement, ProcessIdentity } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import { collect } from '../../process/collect.ts';
import type { ControlGroup } from './cgroup.ts';
import { type Launch, type StartedProcess, startProcess } from './confined-process.ts';
import { watchDisk } from './disk-watch.ts';
import { pause } from './pause.ts';
import { allProcesses, descendants, isAlive, markedProcesses, type ProcessFacts, signalProcess } from './process-table.ts';
import { watchProcesses } from './process-watch.ts';

export interface ConfinementParts {
  id: string;
  level: SandboxLevel;
  caps: Caps;
  capsInForce: CapsInForce;
  group: ControlGroup | null;
  /** Writable folders on disk, for the disk cap. */
  writable: string[];
  prepare: (command: ConfinedCommand) => Pick<Launch, 'words' | 'env' | 'cwd' | 'bubblewrap'>;
  clock: Clock;
  onClosed: () => void;
}

/** Between the last polite moment and the kill. */
const DEFAULT_GRACE_MS = 5_000;
const LOOK_EVERY_MS = 15;

export function openConfinement(parts: ConfinementParts): Confinement {
  const { clock, group } = parts;
  const started = new Set<StartedProcess>();
  let watched: 'memory' | 'pids' | 'disk' | null = null;
  let hitBefore: 'memory' | 'pids' | null = null;
  let closing: Promise<void> | null = null;

  const exceeded = (): 'memory' | 'pids' | 'disk' | null => watched ?? group?.hit() ?? hitBefore;
  const endByCap = (cap: 'memory' | 'pids' | 'disk'): void => {
    watched ??= cap;
    for (const process of started) process.kill();
    // Whatever is not below one of them any more is met by name of its group or its mark.
    void killEverything(parts);
  };
  const watches = [
    ...(parts.caps.diskBytes === null ? [] : [watchDisk(parts.writable, parts.caps.diskBytes, clock, () => endByCap('disk'))]),
    ...(group === null ? [watchProcesses(parts.caps, () => processesBelow(started), clock, endByCap)] : []),
  ];

  const start = (command: ConfinedCommand): StartedProcess => {
    if (closing !== null) throw new GluonError('sandbox_unavailable', { level: parts.level, why: 'this sandbox is closed' });
    const timer: { late: boolean; cancel: () => void } = { late: false, cancel: () => {} };
    const process = startProcess({
      ...parts.prepare(command),
      clock,
      exceeded: (exitCode) => (timer.late ? 'time' : exitCode === 0 ? null : exceeded()),
    });
    started.add(process);
    if (command.timeoutMs !== undefined) {
      timer.cancel = clock.after(command.timeoutMs, () => {
        timer.late = true;
        void killProcess(process, parts.level);
      });
    }
    void process.exited.then(() => {
      timer.cancel();
      started.delete(process);
    });
    if (command.input !== undefined) process.stdin.end(command.input);
    return process;
  };

  const close = async (graceMs: number): Promise<void> => {
    for (const watch of watches) watch.stop();
    const ends = [...started].map((process) => process.ended);
    await politely([...started], parts, graceMs);
    await killEverything(parts, [...started]);
    // Nobody can hold a stream any more; readers get what is left of it on their own time.
    await Promise.race([Promise.all(ends), pause(clock, 1_000)]);
    hitBefore = group?.hit() ?? null;
    await group?.remove();
    parts.onClosed();
  };

  return {
    level: parts.level,
    caps: parts.capsInForce,
    cgroup: group?.path ?? null,
    leader: () => started.values().next().value?.identity ?? null,
    start,
    run: (command) => collect(start(command), command, (process) => killProcess(process as StartedProcess, parts.level)),
    exceeded,
    close: (graceMs = DEFAULT_GRACE_MS) => {
      closing ??= close(graceMs);
      return closing;
    },
  };
}

/** SIGTERM to every process of the attempt but bubblewrap's own, and up to `graceMs` to follow it. */
async function politely(started: StartedProcess[], parts: ConfinementParts, graceMs: number): Promise<void> {
  const wrappers = new Set(started.flatMap((process) => process.wrapperPids()));
  const everyone = await processesOf(parts, started);
  if (everyone.length === 0) return;
  if (graceMs <= 0) return;
  // At level none there is no wrapper: the first process is the command itself.
  for (const identity of everyone) if (parts.level === 'none' || !wrappers.has(identity.pid)) signalProcess(identity, 'SIGTERM');
  const untilMs = parts.clock.monotonicMs() + graceMs;
  while (parts.clock.monotonicMs() < untilMs) {
    if (!(await processesOf(parts, started)).some(isAlive)) return;
    await pause(parts.clock, LOOK_EVERY_MS);
  }
}

/** SIGKILL until nothing is left; bounded, because a process in an uninterruptible call dies only when the kernel lets go. */
async function killEverything(parts: ConfinementParts, started: StartedProcess[] = []): Promise<void> {
  for (const process of started) process.kill();
  if (parts.group !== null) {
    await parts.group.kill();
    return;
  }
  for (let round = 0; round < 100; round += 1) {
    const left = (await processesOf(parts, started)).filter(isAlive);
    if (left.length === 0) return;
    for (const identity of left) signalProcess(identity, 'SIGKILL');
    await pause(parts.clock, LOOK_EVERY_MS);
  }
}

/** By group where there is one; else those below our processes and those that carry the mark of this confinement. */
async function processesOf(parts: ConfinementParts, started: Iterable<StartedProcess>): Promise<ProcessIdentity[]> {
  if (parts.group !== null) {
    const members = new Set(parts.group.pids());
    return members.size === 0 ? [] : (await allProcesses()).filter(({ pid }) => members.has(pid));
  }
  const below = await processesBelow(started);
  const marked = await markedProcesses({ [MARKERS.confinement]: parts.id });
  return [...new Map([...below, ...marked].map((identity) => [identity.pid, identity])).values()];
}

async function processesBelow(started: Iterable<StartedProcess>): Promise<ProcessFacts[]> {
  const all = await allProcesses();
  const roots = new Set([...started].flatMap(({ identity }) => (identity !== null && isAlive(identity) ? [identity.pid] : [])));
  return [...all.filter(({ pid }) => roots.has(pid)), ...descendants(all, roots)];
}

/** One command with all that it started; at level none what left its tree stays until the confinement closes. */
async function killProcess(process: StartedProcess, level: SandboxLevel): Promise<void> {
  const below = level === 'none' ? await processesBelow([process]) : [];
  process.kill();
  for (const identity of below) signalProcess(identity, 'SIGKILL');
}

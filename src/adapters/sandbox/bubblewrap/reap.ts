/** What an earlier server left behind: found by control group, by identity of a process and by our mark, never by name. */
import { MARKERS } from '../../../core/sandbox/environment.ts';
import type { ProcessIdentity, Sandbox } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import type { ControlGroups } from './cgroup.ts';
import { pause } from './pause.ts';
import { allProcesses, descendants, isAlive, markedProcesses, signalProcess } from './process-table.ts';

interface ReapOptions {
  homeId: string;
  groups: ControlGroups | null;
  /** Confinements that this server has open: theirs are no leftovers. */
  live: ReadonlySet<string>;
  clock: Clock;
}

const ROUNDS = 50;
const BETWEEN_ROUNDS_MS = 10;

export async function reapLeftovers(options: ReapOptions, left: Parameters<Sandbox['reap']>[0]): Promise<number> {
  const killed = new Set<string>();
  await killGroups(options, left, killed);
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await leftovers(options, left);
    if (found.length === 0) break;
    for (const identity of found) if (signalProcess(identity, 'SIGKILL')) killed.add(`${identity.pid} ${identity.started}`);
    await pause(options.clock, BETWEEN_ROUNDS_MS);
  }
  return killed.size;
}

async function killGroups(options: ReapOptions, left: Parameters<Sandbox['reap']>[0], killed: Set<string>): Promise<void> {
  const stored = left.cgroup === null ? null : (options.groups?.adopt(left.cgroup) ?? null);
  const prefix = `${left.runId.slice(0, 40)}-`;
  const named = (options.groups?.existing() ?? []).filter(({ name }) => name.startsWith(prefix) && !options.live.has(name));
  for (const group of [...(stored === null ? [] : [stored]), ...named.map((entry) => entry.group)]) {
    const members = new Set(group.pids());
    for (const facts of await allProcesses()) if (members.has(facts.pid)) killed.add(`${facts.pid} ${facts.started}`);
    await group.kill();
    await group.remove();
  }
}

async function leftovers(options: ReapOptions, left: Parameters<Sandbox['reap']>[0]): Promise<ProcessIdentity[]> {
  const marked = (await markedProcesses({ [MARKERS.home]: options.homeId, [MARKERS.run]: left.runId })).filter(
    ({ environment }) => !options.live.has(environment.get(MARKERS.confinement) ?? ''),
  );
  const known = left.pid === null || left.pidStarted === null ? null : { pid: left.pid, started: left.pidStarted };
  const tree = known !== null && isAlive(known) ? [known, ...descendants(await allProcesses(), [known.pid])] : [];
  return [...new Map([...marked, ...tree].map((identity) => [identity.pid, identity])).values()].filter(
    (identity) => identity.pid !== process.pid && isAlive(identity),
  );
}

export async function findOrphans(options: ReapOptions, liveRunIds: ReadonlySet<string>): Promise<{ pid: number; runId: string }[]> {
  const found = new Map<number, string>();
  for (const { pid, environment } of await markedProcesses({ [MARKERS.home]: options.homeId })) {
    const runId = environment.get(MARKERS.run) ?? '';
    if (pid !== process.pid && !liveRunIds.has(runId)) found.set(pid, runId);
  }
  for (const { name, group } of options.groups?.existing() ?? []) {
    const runId = name.slice(0, name.lastIndexOf('-'));
    if (!liveRunIds.has(runId)) for (const pid of group.pids()) if (!found.has(pid)) found.set(pid, runId);
  }
  return [...found].map(([pid, runId]) => ({ pid, runId }));
}

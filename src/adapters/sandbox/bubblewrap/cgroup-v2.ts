/** Control groups, version 2: one folder, where a part of the tree is delegated to us. */
import { spawnSync } from 'node:child_process';
import { rmdirSync } from 'node:fs';
import type { Caps } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import { type ControlGroup, type ControlGroups, homeFolder, isOwnGroup } from './cgroup.ts';
import {
  killAll,
  makeGroup,
  readNumber,
  readPidsBelow,
  readText,
  removeGroup,
  subfolders,
  tryRemove,
  tryWrite,
  writeValue,
} from './cgroup-files.ts';
import { pause } from './pause.ts';

const CPU_PERIOD_US = 100_000;

/**
 * Null when no folder is delegated to us with the controllers for memory and pids. Tried are our own group and the one around it:
 * a group that holds processes itself cannot give controllers to its children, so it is mostly the one around.
 */
export function controlGroupsV2(homeId: string, clock: Clock): ControlGroups | null {
  const own = /^0::(.*)$/m.exec(readText('/proc/self/cgroup') ?? '')?.[1];
  if (own === undefined) return null;
  const mount = unifiedMount();
  if (mount === null) return null;
  const ownFolder = `${mount}${own === '/' ? '' : own}`;
  for (const parent of [ownFolder, ownFolder.slice(0, ownFolder.lastIndexOf('/'))]) {
    if (!parent.startsWith(mount)) continue;
    const groups = controlGroupsBelow(parent, homeId, clock);
    if (groups !== null) return groups;
  }
  return null;
}

/** Where the version 2 hierarchy is mounted, if it carries controllers of its own. */
function unifiedMount(): string | null {
  const line = (readText('/proc/self/mountinfo') ?? '').split('\n').find((entry) => entry.includes(' - cgroup2 '));
  return line?.split(' ')[4] ?? null;
}

function controlGroupsBelow(parent: string, homeId: string, clock: Clock): ControlGroups | null {
  const base = `${parent}/${homeFolder(homeId)}`;
  try {
    makeGroup(base);
  } catch {
    // Not delegated to us.
    return null;
  }
  for (const controller of ['memory', 'pids', 'cpu']) {
    tryWrite(`${parent}/cgroup.subtree_control`, `+${controller}`);
    tryWrite(`${base}/cgroup.subtree_control`, `+${controller}`);
  }
  const controllers = (readText(`${base}/cgroup.subtree_control`) ?? '').trim().split(' ');
  const controls = { memory: controllers.includes('memory'), cpu: controllers.includes('cpu'), pids: controllers.includes('pids') };
  // The parent's cgroup.procs must be ours to write too, else no process can be moved in.
  if (!controls.memory || !controls.pids || !canMoveInto(base)) {
    tryRemove(base);
    return null;
  }
  return {
    version: 'cgroup2',
    controls,
    create(name, caps) {
      const folder = `${base}/${name}`;
      makeGroup(folder);
      applyCaps(folder, caps, controls.cpu);
      return groupAt(folder, clock);
    },
    adopt: (path) => (isOwnGroup(path, homeId) ? groupAt(path, clock) : null),
    existing: () => subfolders(base).map((name) => ({ name, group: groupAt(`${base}/${name}`, clock) })),
  };
}

/** Moving is allowed to whoever may write the cgroup.procs of the group around both: found out with a process made for it. */
function canMoveInto(base: string): boolean {
  const probe = `${base}/probe`;
  try {
    makeGroup(probe);
    const mover = spawnSync('/bin/sh', ['-c', 'echo $$ > "$1"', 'sh', `${probe}/cgroup.procs`], {
      stdio: 'ignore',
      timeout: 2_000,
      env: {},
    });
    rmdirSync(probe);
    return mover.status === 0;
  } catch {
    // EACCES or EPERM: no delegation that reaches us.
    return false;
  }
}

function applyCaps(folder: string, caps: Caps, cpu: boolean): void {
  if (caps.memoryBytes !== null) {
    writeValue(`${folder}/memory.max`, caps.memoryBytes);
    tryWrite(`${folder}/memory.swap.max`, 0);
  }
  if (caps.pids !== null) writeValue(`${folder}/pids.max`, caps.pids);
  if (cpu && caps.cpuCores !== null) {
    writeValue(`${folder}/cpu.max`, `${Math.max(1000, Math.round(caps.cpuCores * CPU_PERIOD_US))} ${CPU_PERIOD_US}`);
  }
}

/** A group of the version 2 hierarchy, whatever controllers it has. */
export function groupAt(folder: string, clock: Clock): ControlGroup {
  return {
    path: folder,
    entries: [`${folder}/cgroup.procs`],
    pids: () => readPidsBelow(folder),
    hit() {
      if (readNumber(`${folder}/memory.events`, 'oom_kill') > 0) return 'memory';
      if (readNumber(`${folder}/pids.events`, 'max') > 0) return 'pids';
      return null;
    },
    async kill() {
      const first = readPidsBelow(folder).length;
      for (let round = 0; round < 100; round += 1) {
        // Linux 5.14 and newer kill the whole group at once; before it the list is walked until nobody is left.
        if (!tryWrite(`${folder}/cgroup.kill`, 1)) killAll(readPidsBelow(folder));
        if (readPidsBelow(folder).length === 0) break;
        await pause(clock, 2 + Math.min(round, 20));
      }
      return first;
    },
    remove: () => removeGroup(folder, clock),
  };
}

/** Control groups, version 1: one folder per controller. Writable by root only on most systems. */
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

type Controller = 'freezer' | 'memory' | 'pids' | 'cpu';
const CONTROLLERS: readonly Controller[] = ['freezer', 'memory', 'pids', 'cpu'];
/** The kernel's default period for shares of processor time. */
const CPU_PERIOD_US = 100_000;

/** Null when no writable freezer is there: without it the tree of a run could not be killed for sure. */
export function controlGroupsV1(homeId: string, clock: Clock): ControlGroups | null {
  const bases = usableBases(homeId);
  if (bases.get('freezer') === undefined) return null;
  const groupOf = (folders: Map<Controller, string>): ControlGroup => openGroup(folders, clock);
  return {
    version: 'cgroup1',
    controls: { memory: bases.has('memory'), cpu: bases.has('cpu'), pids: bases.has('pids') },
    create(name, caps) {
      const folders = new Map<Controller, string>();
      for (const [controller, base] of bases) {
        // Also without a cap on processors: between groups the kernel shares evenly, however many processes each of them starts.
        const folder = `${base}/${name}`;
        makeGroup(folder);
        folders.set(controller, folder);
      }
      applyCaps(folders, caps);
      return groupOf(folders);
    },
    adopt(path) {
      const folders = new Map<Controller, string>();
      for (const folder of path.split(':')) {
        const controller = CONTROLLERS.find((name) => folder.startsWith(`/sys/fs/cgroup/${name}/`));
        if (controller === undefined || !isOwnGroup(folder, homeId)) return null;
        folders.set(controller, folder);
      }
      return folders.has('freezer') ? groupOf(folders) : null;
    },
    existing() {
      const names = new Set([...bases.values()].flatMap(subfolders));
      return [...names].map((name) => ({ name, group: groupOf(new Map([...bases].map(([key, base]) => [key, `${base}/${name}`]))) }));
    },
  };
}

/** Below the group that we are in ourselves, so that limits set around us go on to hold. */
function usableBases(homeId: string): Map<Controller, string> {
  const bases = new Map<Controller, string>();
  for (const line of (readText('/proc/self/cgroup') ?? '').split('\n')) {
    const [, names = '', path = ''] = line.split(':');
    for (const controller of CONTROLLERS.filter((name) => names.split(',').includes(name))) {
      const folder = `/sys/fs/cgroup/${controller}${path === '/' ? '' : path}/${homeFolder(homeId)}`;
      try {
        makeGroup(folder);
        bases.set(controller, folder);
        // Only a trial, unless groups are in it already.
        tryRemove(folder);
      } catch {
        // Not ours to write (no root, read-only mount): this controller is not available.
      }
    }
  }
  return bases;
}

function applyCaps(folders: Map<Controller, string>, caps: Caps): void {
  const memory = folders.get('memory');
  if (memory !== undefined && caps.memoryBytes !== null) {
    writeValue(`${memory}/memory.limit_in_bytes`, caps.memoryBytes);
    // Missing without swap accounting; then there is only the limit above.
    tryWrite(`${memory}/memory.memsw.limit_in_bytes`, caps.memoryBytes);
  }
  const pids = folders.get('pids');
  if (pids !== undefined && caps.pids !== null) writeValue(`${pids}/pids.max`, caps.pids);
  const cpu = folders.get('cpu');
  if (cpu !== undefined && caps.cpuCores !== null) {
    writeValue(`${cpu}/cpu.cfs_period_us`, CPU_PERIOD_US);
    writeValue(`${cpu}/cpu.cfs_quota_us`, Math.max(1000, Math.round(caps.cpuCores * CPU_PERIOD_US)));
  }
}

function openGroup(folders: Map<Controller, string>, clock: Clock): ControlGroup {
  const memory = folders.get('memory');
  const pidsFolder = folders.get('pids');
  const freezer = folders.get('freezer') ?? '';
  const all = [...folders.values()];
  const pids = (): number[] => [...new Set(all.flatMap(readPidsBelow))];
  return {
    path: all.join(':'),
    entries: all.map((folder) => `${folder}/cgroup.procs`),
    pids,
    hit() {
      if (memory !== undefined && readNumber(`${memory}/memory.oom_control`, 'oom_kill') > 0) return 'memory';
      if (pidsFolder !== undefined && readNumber(`${pidsFolder}/pids.events`, 'max') > 0) return 'pids';
      return null;
    },
    async kill() {
      const first = pids().length;
      for (let round = 0; round < 100; round += 1) {
        // Frozen, nobody can fork away from the signals; they are delivered when it thaws.
        tryWrite(`${freezer}/freezer.state`, 'FROZEN');
        const left = pids();
        killAll(left);
        tryWrite(`${freezer}/freezer.state`, 'THAWED');
        if (left.length === 0) break;
        await pause(clock, 2 + Math.min(round, 20));
      }
      return first;
    },
    async remove() {
      const removed = await Promise.all(all.map((folder) => removeGroup(folder, clock)));
      // The folder of the home goes with its last group; the next one makes it again.
      for (const folder of all) tryRemove(folder.slice(0, folder.lastIndexOf('/')));
      return removed.every(Boolean);
    },
  };
}

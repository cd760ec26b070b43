/** Caps by control groups: one interface for both versions of the kernel's. */
import type { Caps } from '../../../ports/sandbox.ts';

export interface ControlGroup {
  /** Its folders, joined by colons: what is stored to find it after a crash. */
  readonly path: string;
  /** A process enters by writing its pid into each of these, before it becomes the command. */
  readonly entries: readonly string[];
  /** Live processes, threads' leaders only. */
  pids(): number[];
  /** A cap was hit since it was made. */
  hit(): 'memory' | 'pids' | null;
  /** SIGKILL to all, those that are being born too. Returns how many were there at first. */
  kill(): Promise<number>;
  /** Takes the empty group away. False when something still lives in it. */
  remove(): Promise<boolean>;
}

export interface ControlGroups {
  readonly version: 'cgroup2' | 'cgroup1';
  /** Caps that this hierarchy can keep. */
  readonly controls: { memory: boolean; cpu: boolean; pids: boolean };
  create(name: string, caps: Caps): ControlGroup;
  /** One that an earlier server made, from its stored path; null when the path is not one of this home's. */
  adopt(path: string): ControlGroup | null;
  /** Groups of this home that exist now, by the name they were created with. */
  existing(): { name: string; group: ControlGroup }[];
}

/** Folder of all groups of one home. */
export function homeFolder(homeId: string): string {
  return `gluon-${homeId}`;
}

/** Only folders of this home: a stored path is data, and removal must not follow it anywhere else. */
export function isOwnGroup(folder: string, homeId: string): boolean {
  const parts = folder.split('/');
  return (
    folder.startsWith('/sys/fs/cgroup/') &&
    parts.at(-2) === homeFolder(homeId) &&
    /^[A-Za-z0-9_-]{1,100}$/.test(parts.at(-1) ?? '') &&
    !parts.includes('..') &&
    !parts.includes('.')
  );
}

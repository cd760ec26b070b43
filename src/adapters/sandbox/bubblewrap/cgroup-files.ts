/** Small reads and writes of the control group file system. Sync: the kernel answers from memory. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../../ports/system.ts';
import { pause } from './pause.ts';

export function readNumber(path: string, key?: string): number {
  const text = readText(path);
  if (text === null) return 0;
  if (key === undefined) return Number.parseInt(text, 10) || 0;
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${key} `));
  return line === undefined ? 0 : Number.parseInt(line.slice(key.length + 1), 10) || 0;
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The group or the controller is not there.
    return null;
  }
}

export function readPids(folder: string): number[] {
  return (readText(`${folder}/cgroup.procs`) ?? '').split('\n').filter(Boolean).map(Number);
}

/** Groups within groups included. */
export function readPidsBelow(folder: string): number[] {
  return [folder, ...foldersBelow(folder)].flatMap(readPids);
}

export function foldersBelow(folder: string): string[] {
  return subfolders(folder).flatMap((name) => [`${folder}/${name}`, ...foldersBelow(`${folder}/${name}`)]);
}

export function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    // Not there: nothing below it.
    return [];
  }
}

export function writeValue(path: string, value: string | number): void {
  writeFileSync(path, String(value));
}

export function tryWrite(path: string, value: string | number): boolean {
  try {
    writeValue(path, value);
    return true;
  } catch {
    // An optional file (swap accounting, an older kernel): the caller decides what that means.
    return false;
  }
}

export function makeGroup(folder: string): void {
  mkdirSync(folder, { recursive: true });
}

/** Removal fails with EBUSY for a moment after the last process died. */
export async function removeGroup(folder: string, clock: Clock): Promise<boolean> {
  for (const path of [...foldersBelow(folder).reverse(), folder]) {
    let gone = false;
    for (let attempt = 0; attempt < 50 && !gone; attempt += 1) {
      gone = tryRemove(path);
      if (!gone) await pause(clock, Math.min(2 + attempt, 20));
    }
    if (!gone) return false;
  }
  return true;
}

/** False while something is in it. */
export function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    // Gone already is what was wanted; busy is tried again.
    return error instanceof Error && 'code' in error && error.code === 'ENOENT';
  }
}

export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    if (pid <= 1 || pid === process.pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended meanwhile.
    }
  }
}

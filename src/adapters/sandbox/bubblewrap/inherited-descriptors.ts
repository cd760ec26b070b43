/**
 * File descriptors that this process got from whoever started it and that are not marked close-on-exec: every child would inherit them,
 * a confined one too, and a descriptor of a folder or socket is a door that no mount rule closes.
 */
import { openSync, readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;
let known: { inherited: number[]; nothing: number } | null = null;

/** Numbers above 2, and a descriptor of /dev/null to put in their place. Found once: Node itself opens nothing that children inherit. */
export function inheritedDescriptors(): { inherited: number[]; nothing: number } {
  known ??= { inherited: findInherited(), nothing: openSync('/dev/null', 'r+') };
  return known;
}

function findInherited(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > 2 && !isClosedOnExec(fd));
}

function isClosedOnExec(fd: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '0';
    return (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) !== 0;
  } catch {
    // Closed since the listing: the listing's own descriptor.
    return true;
  }
}

/** Puts /dev/null over each of them in the child. `ours` fills the numbers from 0; later ones of our own must not be inherited ones. */
export function withoutInherited<T>(ours: readonly T[]): (T | 'ignore' | number)[] {
  const { inherited, nothing } = inheritedDescriptors();
  const stdio: (T | 'ignore' | number)[] = [...ours];
  for (const fd of inherited) {
    if (fd < ours.length) continue;
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = nothing;
  }
  return stdio;
}

/** Processes that this worker started, itself or through others, found in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface OwnProcess {
  readonly pid: number;
  /** With the pid it names one process for ever: pids come again. */
  readonly startedTicks: string;
  readonly command: string;
}

/** Set in the environment of a worker: what inherits it is found even after its parent is gone. */
export const MARK = 'GLUON_TEST_WORKER';

/** Empty where there is no /proc. Processes that have ended and only wait to be reaped do not count. */
export function ownProcesses(): OwnProcess[] {
  const all = everyProcess();
  const children = Map.groupBy(all, (one) => one.parent);
  const found = new Map<number, OwnProcess>();
  const take = (parent: number): void => {
    for (const one of children.get(parent) ?? []) {
      if (found.has(one.pid)) continue;
      found.set(one.pid, one);
      take(one.pid);
    }
  };
  take(process.pid);
  const mark = process.env[MARK];
  for (const one of all) if (mark !== undefined && one.pid !== process.pid && hasMark(one.pid, mark)) found.set(one.pid, one);
  return [...found.values()];
}

function everyProcess(): (OwnProcess & { readonly parent: number })[] {
  return read(() => readdirSync('/proc'), [])
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(() => readFileSync(`/proc/${name}/stat`, 'utf8'), '');
      // The name in brackets may hold brackets and spaces itself; the fields begin after the last one.
      const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (parent === undefined || state === 'Z' || state === 'X') return [];
      const command = read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'), '')
        .replaceAll('\0', ' ')
        .trim();
      return [{ pid: Number(name), parent: Number(parent), startedTicks: rest[17] ?? '', command: command.slice(0, 200) }];
    });
}

const hasMark = (pid: number, mark: string): boolean =>
  read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'), '')
    .split('\0')
    .includes(`${MARK}=${mark}`);

/** A process may end between two looks, and those of other users cannot be read: both count as not there. */
function read<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

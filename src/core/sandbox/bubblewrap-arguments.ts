/** From a plan of a sandbox to the arguments of bubblewrap: pure, tested as a list. The order of mounts matters and is decided here. */
import { isWithin } from './path-hazards.ts';

export interface Mount {
  from: string;
  to: string;
}

/** What of the host system an allow-list of mounts is made from; found out by the adapter. */
export interface HostLayout {
  /** `/bin`, `/lib` …: a link into /usr (its target, relative) or, on older systems, a folder of its own (null). */
  rootFolders: { path: string; target: string | null }[];
  /** Existing files and folders below /etc that carry no secret. */
  etc: Mount[];
  /** Folders under /usr that can hold credentials of package managers. */
  maskedFolders: string[];
  /** Files of /proc that tell about the whole machine. */
  maskedFiles: string[];
}

export interface BubblewrapPlan {
  network: 'own' | 'host';
  features: { disableUserns: boolean; size: boolean };
  host: HostLayout;
  writable: Mount[];
  readOnly: Mount[];
  home: string;
  sockets: Mount[];
  sizes: { tmpBytes: number; homeBytes: number; shmBytes: number };
  /** File descriptor with the system call filter, or null. */
  seccompFd: number | null;
  statusFd: number;
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** Everything but the command. Goes through `--args FD`, so that no environment value is ever in an argument list that others can read. */
export function bubblewrapArguments(plan: BubblewrapPlan): string[] {
  return [
    ...namespaces(plan),
    ...systemMounts(plan),
    ...kernelMounts(plan),
    ...scratchMounts(plan),
    ...workMounts(plan),
    ...plan.sockets.flatMap((socket) => ['--ro-bind', socket.from, socket.to]),
    // Without it, writes under folders that bubblewrap made for mount points succeed into a throw-away file system.
    '--remount-ro',
    '/',
    '--chdir',
    plan.cwd,
    '--clearenv',
    ...Object.entries(plan.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--json-status-fd',
    String(plan.statusFd),
    ...(plan.seccompFd === null ? [] : ['--seccomp', String(plan.seccompFd)]),
  ];
}

function namespaces(plan: BubblewrapPlan): string[] {
  return [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(plan.network === 'own' ? ['--unshare-net'] : []),
    '--die-with-parent',
    // Own session: no controlling terminal that input could be pushed into.
    '--new-session',
    '--uid',
    '1000',
    '--gid',
    '1000',
    '--hostname',
    'sandbox',
    '--cap-drop',
    'ALL',
    ...(plan.features.disableUserns ? ['--disable-userns'] : []),
  ];
}

function systemMounts(plan: BubblewrapPlan): string[] {
  return [
    '--ro-bind',
    '/usr',
    '/usr',
    ...plan.host.maskedFolders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...plan.host.rootFolders.flatMap(({ path, target }) => (target === null ? ['--ro-bind', path, path] : ['--symlink', target, path])),
    ...plan.host.etc.flatMap(({ from, to }) => ['--ro-bind', from, to]),
  ];
}

function kernelMounts(plan: BubblewrapPlan): string[] {
  return [
    '--proc',
    '/proc',
    ...plan.host.maskedFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    // Files below /proc/sys belong to the host's root by number: to a server that runs as root they would be writable from inside,
    // and core_pattern names a program that the kernel runs outside. bubblewrap covers them only where it thinks they are writable.
    '--remount-ro',
    '/proc',
    '--dev',
    '/dev',
    ...tmpfs(plan, '/dev/shm', plan.sizes.shmBytes),
    '--remount-ro',
    '/dev',
  ];
}

function scratchMounts(plan: BubblewrapPlan): string[] {
  return [
    ...tmpfs(plan, '/tmp', plan.sizes.tmpBytes),
    ...tmpfs(plan, '/var/tmp', plan.sizes.shmBytes),
    ...tmpfs(plan, plan.home, plan.sizes.homeBytes),
    '--dir',
    '/run/gluon',
  ];
}

function tmpfs(plan: BubblewrapPlan, path: string, bytes: number): string[] {
  return plan.features.size ? ['--size', String(bytes), '--tmpfs', path] : ['--tmpfs', path];
}

/** Outer folders first, so that an inner mount is never hidden by an outer one; of two at the same place the writable one comes last. */
function workMounts(plan: BubblewrapPlan): string[] {
  const all = [
    ...plan.readOnly.filter(({ to }) => !isWithin(to, '/usr')).map((mount) => ({ ...mount, option: '--ro-bind' })),
    ...plan.writable.map((mount) => ({ ...mount, option: '--bind' })),
  ];
  all.sort((a, b) => depth(a.to) - depth(b.to));
  return all.flatMap(({ option, from, to }) => [option, from, to]);
}

function depth(path: string): number {
  return path.split('/').length;
}

/** What of this host goes into a sandbox: an allow-list, looked up anew for each sandbox because systems are updated while we run. */
import { existsSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import type { HostLayout, Mount } from '../../../core/sandbox/bubblewrap-arguments.ts';

/** Global npm configuration lies here and may hold registry tokens. */
const MASKED_FOLDERS = ['/usr/etc', '/usr/local/etc'];
/** Readable by a process that runs as root on the host, capabilities or not. */
const MASKED_FILES = [
  'kcore',
  'kpagecgroup',
  'kpagecount',
  'kpageflags',
  'kallsyms',
  'keys',
  'key-users',
  'kmsg',
  'timer_list',
  'sched_debug',
  'slabinfo',
  'vmallocinfo',
  'pagetypeinfo',
  'config.gz',
];
const ROOT_FOLDERS = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** `etc`: the folder that stands for the host's. */
export function hostLayout(etc: string, network: 'own' | 'host'): HostLayout {
  return {
    rootFolders: ROOT_FOLDERS.filter(existsSync).map((path) => ({ path, target: linkTarget(path) })),
    etc: [{ from: etc, to: '/etc' }, ...(network === 'own' ? [] : hostNames())],
    maskedFolders: MASKED_FOLDERS.filter((path) => existsSync(path) && statSync(path).isDirectory()),
    maskedFiles: MASKED_FILES.map((name) => `/proc/${name}`).filter(existsSync),
  };
}

/** With the host's network come its names and its resolver. */
function hostNames(): Mount[] {
  return ['/etc/hosts', '/etc/resolv.conf'].filter(existsSync).map((path) => ({ from: realpathSync(path), to: path }));
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    // A folder of its own: systems without merged /usr.
    return null;
  }
}

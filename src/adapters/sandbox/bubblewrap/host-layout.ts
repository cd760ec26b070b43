/** What of this host goes into a sandbox: an allow-list, looked up anew for each sandbox because systems are updated while we run. */
import { existsSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { HostLayout, Mount } from '../../../core/sandbox/bubblewrap-arguments.ts';

/** Below /etc, without secrets. Not: shadow, ssh, private keys, package manager configuration (it may hold tokens), hosts' own names. */
const ETC_ENTRIES = [
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'ssl/certs',
  'ssl/openssl.cnf',
  'ssl/cert.pem',
  'pki/ca-trust',
  'pki/tls/certs',
  'pki/tls/cert.pem',
  'pki/tls/openssl.cnf',
  'ca-certificates',
  'ca-certificates.conf',
  'crypto-policies',
  'alternatives',
  'localtime',
  'timezone',
  'mime.types',
  'magic',
  'protocols',
  'services',
  'locale.alias',
  'fonts',
  'terminfo',
  'os-release',
  'debian_version',
  'gai.conf',
  'maven/m2.conf',
  'maven/logging',
];
/** Language runtimes whose folders under /usr link to their configuration here. */
const ETC_RUNTIMES = /^(java(-\d+.*)?|python\d[\d.]*|perl|ruby|php|nodejs)$/;
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

export function hostLayout(generatedFolder: string, network: 'own' | 'host'): HostLayout {
  const runtimes = readdirSync('/etc').filter((name) => ETC_RUNTIMES.test(name));
  return {
    rootFolders: ROOT_FOLDERS.filter(existsSync).map((path) => ({ path, target: linkTarget(path) })),
    etc: [
      ...[...ETC_ENTRIES, ...runtimes]
        .map((name) => `/etc/${name}`)
        .filter(existsSync)
        .map((path) => ({ from: realpathSync(path), to: path })),
      ...['passwd', 'group', 'nsswitch.conf'].map((name) => ({ from: `${generatedFolder}/${name}`, to: `/etc/${name}` })),
      ...(network === 'own' ? [{ from: `${generatedFolder}/hosts`, to: '/etc/hosts' }] : hostNames()),
    ],
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

const GENERATED: Readonly<Record<string, string>> = {
  passwd:
    'root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  group: 'root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
};

/** Writes the files that take the place of the host's own. */
export async function writeGenerated(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await Promise.all(Object.entries(GENERATED).map(([name, text]) => writeFile(`${folder}/${name}`, text, { mode: 0o644 })));
}

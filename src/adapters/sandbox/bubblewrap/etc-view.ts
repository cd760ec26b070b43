/**
 * What of the host's /etc goes into a sandbox, as one folder of copies: thirty mounts would cost every start of a sandbox half its time.
 * The host's entries are looked at again every few seconds, because systems are updated while we run.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../ports/system.ts';
import { runTool } from '../../process/run-tool.ts';

/** Below /etc, without secrets. Not: shadow, ssh, private keys, package manager configuration (it may hold tokens), hosts' own names. */
const ENTRIES = [
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
const RUNTIMES = /^(java(-\d+.*)?|python\d[\d.]*|perl|ruby|php|nodejs)$/;

/** Take the place of the host's own. `resolv.conf` is there to be mounted over where the host's network is given. */
const GENERATED: Readonly<Record<string, string>> = {
  passwd:
    'root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  group: 'root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  'resolv.conf': '',
};

const LOOK_EVERY_MS = 10_000;
const COPY_TIMEOUT_MS = 30_000;
const HALF_MADE_MS = 60_000;
const PREFIX = 'etc-';
const BUILDING = 'building-etc-';

interface Source {
  /** Real path on the host. */
  from: string;
  /** Relative to /etc. */
  name: string;
}

/** Gives the path of a folder below `folder` that is complete and never changed again: a sandbox that has it keeps what it has. */
export function etcView(folder: string, clock: Clock): () => Promise<string> {
  let last: { atMs: number; path: Promise<string> } | null = null;
  let swept: Promise<void> | null = null;
  return () => {
    const nowMs = clock.monotonicMs();
    if (last !== null && nowMs - last.atMs < LOOK_EVERY_MS) return last.path;
    const sources = sourcesNow();
    const path = join(folder, `${PREFIX}${fingerprint(sources)}`);
    // Only before the first one: later there may be a sandbox that still shows an older one.
    swept ??= sweep(folder, path, clock);
    const made = swept.then(() => make(folder, path, sources));
    last = { atMs: nowMs, path: made };
    made.catch(() => {
      // The caller hears of it; the next one tries again.
      last = null;
      swept = null;
    });
    return made;
  };
}

function sourcesNow(): Source[] {
  const names = [...ENTRIES, ...readdirSync('/etc').filter((name) => RUNTIMES.test(name))];
  return names.filter((name) => existsSync(`/etc/${name}`)).map((name) => ({ from: realpathSync(`/etc/${name}`), name }));
}

/** Of everything that can change without its folder noticing: a link is put in place anew, and that its folder tells. */
function fingerprint(sources: readonly Source[]): string {
  const hash = createHash('sha256').update(JSON.stringify(GENERATED));
  const note = (path: string): void => {
    const facts = lstatSync(path, { throwIfNoEntry: false });
    hash.update(`${path}\0${facts?.mode} ${facts?.size} ${facts?.mtimeMs} ${facts?.ctimeMs} ${facts?.ino}\0`);
    if (facts?.isDirectory() !== true || !readable(path, true)) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) if (!entry.isSymbolicLink()) note(join(path, entry.name));
  };
  for (const { from, name } of sources) {
    hash.update(`${name}\0`);
    note(from);
  }
  return hash.digest('hex').slice(0, 32);
}

async function make(folder: string, path: string, sources: readonly Source[]): Promise<string> {
  if (existsSync(path)) return path;
  const building = await mkdtemp(join(folder, BUILDING));
  try {
    await copyAll(building, sources);
    for (const [name, text] of Object.entries(GENERATED)) await writeFile(join(building, name), text, { mode: 0o644 });
    await chmod(building, 0o755);
    await rename(building, path);
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    // Somebody else made the same one meanwhile.
    if (!existsSync(path)) throw error;
  }
  return path;
}

/** Links as they are: they lead to /usr, which a sandbox has too. */
async function copyAll(into: string, sources: readonly Source[]): Promise<void> {
  // One process for what lies under its own name and holds nothing odd: a copy by hand takes ten times as long.
  const plain = sources.filter(({ from, name }) => from === `/etc/${name}` && isPlain(from));
  const args = ['-a', '--parents', '--', ...plain.map(({ name }) => name), into];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
  const { exitCode } = await runTool('cp', args, { cwd: '/etc', env, timeoutMs: COPY_TIMEOUT_MS });
  for (const { from, name } of exitCode === 0 ? sources.filter((source) => !plain.includes(source)) : sources) {
    await mkdir(dirname(join(into, name)), { recursive: true });
    await cp(from, join(into, name), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter: worthCopying });
  }
}

/** Whether everything from there on is worth copying. */
function isPlain(path: string): boolean {
  if (!worthCopying(path)) return false;
  if (!lstatSync(path).isDirectory()) return true;
  return readdirSync(path, { withFileTypes: true }).every((entry) => entry.isSymbolicLink() || isPlain(join(path, entry.name)));
}

/** Files, folders and links that we may read: nobody inside could read more. */
function worthCopying(path: string): boolean {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return false;
  if (facts.isSymbolicLink()) return true;
  return facts.isDirectory() ? readable(path, true) : facts.isFile() && readable(path, false);
}

function readable(path: string, folder: boolean): boolean {
  try {
    accessSync(path, folder ? constants.R_OK | constants.X_OK : constants.R_OK);
    return true;
  } catch {
    // Not ours to read: left out.
    return false;
  }
}

/** What earlier servers left: older views, half-made ones that nobody can still be at work on, and what a power cut may have emptied. */
async function sweep(folder: string, keep: string, clock: Clock): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const nowMs = clock.nowMs();
  const bootedMs = nowMs - uptime() * 1000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const changedMs = (await stat(path).catch(() => null))?.ctimeMs ?? nowMs;
    const half = name.startsWith(BUILDING) && nowMs - changedMs > HALF_MADE_MS;
    // Nothing waits for the copies to reach the disk; they are made in a moment.
    const doubtful = path !== keep || changedMs < bootedMs;
    if (half || (name.startsWith(PREFIX) && doubtful)) await rm(path, { recursive: true, force: true });
  }
}

/** The programs that a sandbox is made with, and whether they work here. */
import { accessSync, constants } from 'node:fs';
import type { Clock } from '../../../ports/system.ts';
import { runTool } from '../../process/run-tool.ts';

export interface Programs {
  bwrap: string | null;
  socat: string | null;
  prlimit: string | null;
  version: string | null;
  features: { disableUserns: boolean; size: boolean };
  /** Why confinement does not work here; null when it does. */
  why: string | null;
}

/** A fix that `doctor` named is seen after this long. */
const TRUST_BAD_MS = 10_000;
/** What worked is looked at again after this long, beside the work that goes on with it: a start that fails all the same says so. */
const TRUST_GOOD_MS = 60_000;

export function findPrograms(searchPath: string, clock: Clock): () => Promise<Programs> {
  let known: { atMs: number; programs: Programs } | null = null;
  let looking: Promise<Programs> | null = null;

  function look(): Promise<Programs> {
    looking ??= examine(searchPath)
      .then((programs) => {
        known = { atMs: clock.monotonicMs(), programs };
        return programs;
      })
      .finally(() => {
        looking = null;
      });
    return looking;
  }

  return async () => {
    if (known === null) return look();
    const { atMs, programs } = known;
    const ageMs = clock.monotonicMs() - atMs;
    if (programs.why !== null) return ageMs > TRUST_BAD_MS ? look() : programs;
    // A failure to look is met by the next who asks: this answer is known to be good.
    if (ageMs > TRUST_GOOD_MS) look().catch(() => undefined);
    return programs;
  };
}

async function examine(searchPath: string): Promise<Programs> {
  const bwrap = findProgram('bwrap', searchPath);
  const base = {
    bwrap,
    // Inside the sandbox only /usr is there.
    socat: findProgram('socat', '/usr/local/bin:/usr/bin'),
    prlimit: findProgram('prlimit', '/usr/local/bin:/usr/bin'),
  };
  const none = { disableUserns: false, size: false };
  if (bwrap === null) return { ...base, version: null, features: none, why: 'the program bwrap (bubblewrap) is not installed' };
  const [version, help] = await Promise.all([
    runTool(bwrap, ['--version'], { env: {}, timeoutMs: 5_000 }),
    runTool(bwrap, ['--help'], { env: {}, timeoutMs: 5_000 }),
  ]);
  const text = help.stdout.toString('utf8') + help.stderr;
  const features = { disableUserns: text.includes('--disable-userns'), size: text.includes('--size') };
  const why = text.includes('--json-status-fd') ? await trial(bwrap) : 'bubblewrap is too old: version 0.5 or newer is needed';
  return { ...base, version: version.stdout.toString('utf8').trim().replace('bubblewrap ', ''), features, why };
}

async function trial(bwrap: string): Promise<string | null> {
  const end = await runTool(
    bwrap,
    ['--ro-bind', '/', '/', '--unshare-user', '--unshare-pid', '--unshare-net', '--', '/bin/sh', '-c', ':'],
    {
      env: {},
      timeoutMs: 10_000,
    },
  );
  if (end.exitCode === 0) return null;
  const said = end.stderr.trim().split('\n').at(-1) ?? '';
  return `bubblewrap cannot make namespaces here (${said || end.startError || `exit ${end.exitCode}`}): user namespaces are switched off or AppArmor forbids them`;
}

export function findProgram(name: string, searchPath: string): string | null {
  const candidates = searchPath
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => `${folder}/${name}`);
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not ours to run.
    return false;
  }
}

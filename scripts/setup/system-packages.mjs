/** Programs of the system that the sandbox needs. Installed by apt where this user may; else one sentence says what to install. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupFailure, say } from './root.mjs';
import { lastLines, runCommand, withRetries } from './run-command.mjs';

const APT_LIMIT_MS = 10 * 60_000;

/** Program on the left, Debian package on the right. */
const NEEDED = { git: 'git', bwrap: 'bubblewrap', socat: 'socat' };
/** Only browser tests need it. */
const BROWSER = { chromium: 'chromium' };

/**
 * Debian packages that are missing here. Other systems than Linux have none: the sandbox says there what it can do.
 * @param {{ browser: boolean }} options
 */
export function missingSystemPackages({ browser }) {
  if (process.platform !== 'linux') return [];
  const programs = { ...NEEDED, ...(browser ? BROWSER : {}) };
  return Object.entries(programs).flatMap(([program, name]) => (isOnPath(program) ? [] : [name]));
}

/** Throws one sentence when they cannot be installed from here. @param {readonly string[]} packages */
export async function installSystemPackages(packages) {
  const names = packages.join(' ');
  const prefix = waysToRoot();
  if (prefix === null) {
    throw new SetupFailure(
      isOnPath('apt-get')
        ? `this machine lacks ${packages.join(', ')}. Install with: sudo apt-get install -y ${names}`
        : `this machine lacks ${packages.join(', ')}. Install them with the package manager of this system, then run this again.`,
    );
  }
  say(`installing system packages: ${names}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  /** @param {string[]} args */
  const apt = (args) => {
    const [command = 'apt-get', ...rest] = [
      ...prefix,
      'apt-get',
      '-q',
      '-o',
      'DPkg::Lock::Timeout=120',
      '-o',
      'Acquire::Retries=3',
      ...args,
    ];
    return runCommand(command, rest, { env, timeoutMs: APT_LIMIT_MS, label: 'apt-get', quiet: true });
  };
  const end = await withRetries(async () => {
    // The lists of a fresh container are empty, those of an old one name versions that are gone.
    const update = await apt(['update']);
    return update.exitCode === 0 ? apt(['install', '-y', '--no-install-recommends', ...packages]) : update;
  }, 'apt-get');
  if (end.exitCode !== 0) {
    throw new SetupFailure(`apt-get could not install ${names}.\n${lastLines(end.output, 8)}\nInstall them by hand, then run this again.`);
  }
}

/** What to put before a command to run it as root: nothing, sudo without a password, or null when neither works. */
function waysToRoot() {
  if (!isOnPath('apt-get')) return null;
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 10_000 });
  return sudo.status === 0 ? ['sudo', '-n'] : null;
}

/** @param {string} program */
function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      // Not in this folder: the next one is asked.
      return false;
    }
  });
}

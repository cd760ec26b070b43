/** The packages of package-lock.json, installed by `npm ci` when what is there differs from the lock file. */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { haveNode } from './node-program.mjs';
import { inRoot, ROOT, SetupFailure, say } from './root.mjs';
import { lastLines, runCommand, withRetries } from './run-command.mjs';

/** About 450 MB come over the line; a slow one still gets there. */
const INSTALL_LIMIT_MS = 20 * 60_000;

/**
 * npm keeps its own record of what it installed and writes it last: half an install has none. Packages of other platforms
 * are in the lock file and not in the record.
 */
export function dependenciesAreCurrent() {
  const record = readPackages('node_modules/.package-lock.json');
  const lock = readPackages('package-lock.json');
  if (record === null || lock === null) return false;
  for (const [path, wanted] of Object.entries(lock)) {
    if (path === '' || wanted.link === true) continue;
    const found = record[path];
    if (found === undefined ? wanted.optional !== true : found.version !== wanted.version) return false;
  }
  return haveNode();
}

export async function installDependencies() {
  say('installing the dependencies (npm ci); the first time this takes a minute or two');
  const label = 'npm ci';
  const end = await withRetries(() => {
    const { command, args, env } = npm();
    return runCommand(command, [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      env,
      timeoutMs: INSTALL_LIMIT_MS,
      label,
    });
  }, label);
  if (end.exitCode !== 0) {
    throw new SetupFailure(
      `the dependencies could not be installed: npm ci ended with ${end.exitCode ?? 'no exit code'}.\n${lastLines(end.output, 12)}\n` +
        'Check the network and the npm registry, then run this again.',
    );
  }
  if (!dependenciesAreCurrent() && haveNode()) {
    throw new SetupFailure('npm ci ended well, but node_modules differs from package-lock.json. Remove node_modules and run this again.');
  }
}

/** npm must not run on the Node inside node_modules: `npm ci` begins by removing that folder. */
function npm() {
  const inside = inRoot('node_modules');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(inside));
  const env = { ...process.env, PATH: path.join(delimiter) };
  const name = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (path.some((folder) => existsSync(join(folder, name)))) return { command: name, args: [], env };
  const script = process.env.npm_execpath;
  if (script === undefined) throw new SetupFailure('npm was not found. Install npm 9 or newer, then run this again.');
  return { command: process.execPath, args: [script], env };
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }> | null} null when it is not there
 */
function readPackages(file) {
  const path = join(ROOT, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : null;
}

/** Which Node runs Gluon: this one when it is new enough, else the one that came as a dependency. */
import { existsSync } from 'node:fs';
import { inRoot, SetupFailure } from './root.mjs';

/** The first Node 22 that runs TypeScript sources without a flag; the native SQLite module needs more than 20 too. */
const NEEDED = { major: 22, minor: 18 };

/** @param {string} version such as "v20.19.2" */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
}

/** Path of the packaged Node for this platform; null when there is none. */
export function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = inRoot(`node_modules/node-${platform}-${process.arch}/bin/${program}`);
  return existsSync(path) ? path : null;
}

/** True when some Node that is new enough can be had. */
export function haveNode() {
  return isNewEnough(process.version) || packagedNode() !== null;
}

/** Throws a sentence when none is new enough. */
export function nodeProgram() {
  if (isNewEnough(process.version)) return process.execPath;
  const packaged = packagedNode();
  if (packaged !== null) return packaged;
  throw new SetupFailure(
    `Node ${process.version} is too old and no newer one comes as a package for ${process.platform}-${process.arch}. ` +
      `Install Node ${NEEDED.major}.${NEEDED.minor} or newer, then run this again.`,
  );
}

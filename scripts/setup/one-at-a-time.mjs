/** Two set-ups in one checkout would remove node_modules under each other: the second waits for the first. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { inRoot, SetupFailure, say } from './root.mjs';

/** Longer than any set-up: a lock of a process id that another program got meanwhile does not stay for ever. */
const STALE_AFTER_MS = 45 * 60_000;
const LOOK_EVERY_MS = 500;

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
export async function oneAtATime(work) {
  const lock = inRoot('.setup-lock');
  const deadlineMs = Date.now() + STALE_AFTER_MS;
  let told = false;
  while (!take(lock)) {
    const holder = holderOf(lock);
    if (holder === null) continue;
    if (Date.now() > deadlineMs) throw new SetupFailure(`another set-up (process ${holder}) does not end. Stop it, or remove ${lock}.`);
    if (!told) say(`another set-up runs here (process ${holder}); waiting for it`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; a lock that nobody holds any more is removed and null is returned. @param {string} lock */
function holderOf(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    const young = Date.now() - statSync(lock).mtimeMs < STALE_AFTER_MS;
    // Empty for the moment between its making and its writing.
    if (young && (pid === 0 || isAlive(pid))) return pid;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    return null;
  }
  rmSync(lock, { force: true });
  return null;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

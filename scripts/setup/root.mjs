/** Where this checkout is, and saying something on the way. Everything in this folder runs on Node 20 without any package. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Progress goes to stderr: the output of the command that follows stays its own. @param {string} text */
export function say(text) {
  process.stderr.write(`gluon: ${text}\n`);
}

/** A failure that a person can act on: printed as a sentence, without a stack. */
export class SetupFailure extends Error {}

/** @param {string} path relative to the checkout */
export function inRoot(path) {
  return join(ROOT, path);
}

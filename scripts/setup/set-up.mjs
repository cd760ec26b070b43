/** Everything between a fresh clone and a program that runs. What is done already is found out in milliseconds. */
import { build, buildIsCurrent } from './built-program.mjs';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { nodeProgram } from './node-program.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { SetupFailure, say } from './root.mjs';
import { installSystemPackages, missingSystemPackages } from './system-packages.mjs';

/**
 * @typedef {object} Wants
 * @property {'required' | 'wanted' | 'no'} sandbox programs of the system: `wanted` says what is missing and goes on
 * @property {boolean} browser
 * @property {boolean} build
 */

/** Throws `SetupFailure` with a sentence. @param {Wants} wants */
export async function setUp(wants) {
  const missing = wants.sandbox === 'no' ? [] : missingSystemPackages({ browser: wants.browser });
  const nothingToDo = missing.length === 0 && dependenciesAreCurrent() && (!wants.build || buildIsCurrent());
  if (nothingToDo) return;
  const startedMs = Date.now();
  await oneAtATime(async () => {
    // Another set-up may have done it while this one waited: look again at each step.
    if (!dependenciesAreCurrent()) await installDependencies();
    nodeProgram();
    if (wants.sandbox !== 'no') await systemPackages(wants);
    if (wants.build && !buildIsCurrent()) await build();
  });
  say(`ready after ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

/** @param {Wants} wants */
async function systemPackages(wants) {
  const missing = missingSystemPackages({ browser: wants.browser });
  if (missing.length === 0) return;
  try {
    await installSystemPackages(missing);
  } catch (error) {
    if (wants.sandbox === 'required' || !(error instanceof SetupFailure)) throw error;
    // Gluon starts without them and refuses only what needs them; "gluon doctor" says the same again.
    say(error.message);
  }
}

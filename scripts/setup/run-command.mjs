/** Runs a command of the set-up: output is shown, the end of it is kept to tell causes apart. */
import { spawn } from 'node:child_process';
import { ROOT, say } from './root.mjs';

/** Enough for the cause; package managers can write megabytes. */
const KEPT_CHARS = 20_000;
/** Something moves on the screen at least this often. */
const SIGN_OF_LIFE_MS = 20_000;

/**
 * @typedef {object} CommandEnd
 * @property {number | null} exitCode null when it could not start, was killed or took too long
 * @property {string} output the last part of stdout and stderr
 */

/**
 * Never throws for what the command does.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeoutMs: number, label: string, quiet?: boolean }} options
 * @returns {Promise<CommandEnd>}
 */
export function runCommand(command, args, options) {
  return new Promise((resolve) => {
    const startedMs = Date.now();
    let output = '';
    const child = spawn(command, [...args], { cwd: ROOT, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output = (output + chunk.toString()).slice(-KEPT_CHARS);
      if (!options.quiet) process.stderr.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const life = setInterval(
      () => say(`${options.label}: still working (${Math.round((Date.now() - startedMs) / 1000)} s)`),
      SIGN_OF_LIFE_MS,
    );
    const limit = setTimeout(() => child.kill('SIGTERM'), options.timeoutMs);
    /** @param {number | null} exitCode @param {string} extra */
    const end = (exitCode, extra) => {
      clearInterval(life);
      clearTimeout(limit);
      resolve({ exitCode, output: output + extra });
    };
    child.on('error', (error) => end(null, `\n${error.message}`));
    child.on('close', (exitCode, signal) => end(exitCode, signal === null ? '' : `\nended by ${signal}`));
  });
}

const NETWORK =
  /ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|ERR_SOCKET|socket hang up|network|\b(?:E?429|E?50[0234])\b|Temporary failure|Could not resolve|Failed to fetch|Connection (?:failed|timed out|reset)|ended by SIGTERM/i;

/**
 * Tries again while the cause looks like the network, at most three times in all.
 * @param {() => Promise<CommandEnd>} attempt
 * @param {string} label
 */
export async function withRetries(attempt, label) {
  const pausesMs = [3_000, 15_000];
  for (const pauseMs of pausesMs) {
    const end = await attempt();
    if (end.exitCode === 0 || !NETWORK.test(end.output)) return end;
    say(`${label}: the network failed; trying again in ${pauseMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return attempt();
}

/** The last lines of an output, for a sentence. @param {string} output @param {number} lines */
export function lastLines(output, lines) {
  return output.trim().split('\n').slice(-lines).join('\n');
}

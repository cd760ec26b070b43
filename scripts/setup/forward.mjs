/** Runs a command in the place of this process, as nearly as can be without exec: same terminal, same signals, same end. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A terminal sends Ctrl-C to the whole group, so the child has it already; without one it must be passed on. */
const hasTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);

/**
 * Resolves to the exit code: 128 + signal when a signal ended it. Rejects when the command cannot start.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
export function forward(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: 'inherit', env });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'])) {
      process.on(signal, () => {
        if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal);
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
  });
}

/**
 * `node scripts/with-setup.mjs [--sandbox=required|wanted|no] [--browser] [--no-build] COMMAND ARG…`: sets this checkout up as far as the
 * command needs it, then runs the command on the right Node.
 */
import { delimiter, dirname } from 'node:path';
import { forward } from './setup/forward.mjs';
import { nodeProgram } from './setup/node-program.mjs';
import { inRoot, SetupFailure, say } from './setup/root.mjs';
import { setUp } from './setup/set-up.mjs';

const args = process.argv.slice(2);
const flags = args.slice(
  0,
  args.findIndex((arg) => !arg.startsWith('--')),
);
const [command = '', ...rest] = args.slice(flags.length);

try {
  await setUp({
    sandbox: flags.includes('--sandbox=required') ? 'required' : flags.includes('--sandbox=wanted') ? 'wanted' : 'no',
    browser: flags.includes('--browser'),
    build: !flags.includes('--no-build'),
  });
  const node = nodeProgram();
  const path = [dirname(node), inRoot('node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  process.exitCode = await forward(command === 'node' ? node : command, rest, { ...process.env, PATH: path });
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error;
  say(error.message);
  process.exitCode = 1;
}

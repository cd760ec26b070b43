/** The command line as one function: arguments in, exit code out. */
import { CommanderError } from 'commander';
import { GluonError } from '../contract/errors.ts';
import { createClient } from './client.ts';
import type { ExitCode } from './exit-code.ts';
import { describeFailure, renderFailure } from './failure.ts';
import type { CliIo } from './io.ts';
import { buildProgram, type Chosen } from './program.ts';
import { styleFor } from './terminal/style.ts';

/** `argv` without the program's own name. Never throws: what goes wrong is said on standard error. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const wantsJson = argv.includes('--json');
  const release = io.hold();
  try {
    const chosen = parse(argv, io);
    return typeof chosen === 'number' ? chosen : await execute(chosen, io);
  } catch (error) {
    const failure = describeFailure(error);
    io.err.write(renderFailure(failure, wantsJson));
    return failure.exit;
  } finally {
    release();
  }
}

function parse(argv: readonly string[], io: CliIo): Chosen | ExitCode {
  const choice: { made?: Chosen } = {};
  const output = { out: (text: string) => io.out.write(text), err: (text: string) => io.err.write(text), columns: () => io.out.columns() };
  const program = buildProgram(io.version, output, (chosen) => {
    choice.made = chosen;
  });
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // A group without its second word: its help was printed on standard error.
    if (error.code === 'commander.help') return 2;
    throw new GluonError('wrong_use', { why: sentence(error.message), command: commandWords(argv) });
  }
  if (choice.made === undefined) throw new GluonError('wrong_use', { why: 'There is no such command.', command: '' });
  return choice.made;
}

async function execute(chosen: Chosen, io: CliIo): Promise<ExitCode> {
  const client = createClient(io, { autostart: chosen.declaration.autostart !== false });
  try {
    const command = await chosen.declaration.load();
    return await command({ io, client, style: styleFor(io.out, io.environment), json: chosen.json }, chosen.args);
  } finally {
    client.close();
  }
}

function sentence(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`;
}

/** The leading words that look like a command, for the pointer to its help. */
function commandWords(argv: readonly string[]): string {
  const words = argv.slice(0, 2);
  const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
  return (end < 0 ? words : words.slice(0, end)).join(' ');
}

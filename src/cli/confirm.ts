import { GluonError } from '../contract/errors.ts';
import type { CommandContext } from './command.ts';

/** Asks before something is taken away. Where nobody can answer it is refused: `--force` says yes. */
export async function confirmed(context: CommandContext, message: string): Promise<void> {
  if (context.json || !context.io.stdinIsTerminal || !context.io.out.isTerminal) {
    throw new GluonError('wrong_use', { why: 'This takes something away and nobody can be asked here: say --force.', command: '' });
  }
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw new GluonError('wrong_use', { why: 'Nothing was done.', command: '' });
}

import type { CommandCode, CommandDeclaration } from '../command.ts';
import { completionScript } from '../completion.ts';

/** The command that prints the script for these declarations. */
export function completionOf(declarations: readonly CommandDeclaration[]): CommandCode {
  return async (context, args) => {
    context.io.out.write(completionScript(args.required('shell') as 'bash' | 'zsh' | 'fish', declarations));
    return 0;
  };
}

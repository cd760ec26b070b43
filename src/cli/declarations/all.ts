/** Every command of `gluon`, by group. */
import type { CommandDeclaration } from '../command.ts';
import { CHANGES } from './changes.ts';
import { OPERATE } from './operate.ts';
import { PROJECTS } from './projects.ts';
import { RUNS } from './runs.ts';
import { START } from './start.ts';

/** Here, since it speaks of all others. */
const COMPLETION: CommandDeclaration = {
  path: 'completion',
  args: '<shell>',
  argChoices: { shell: ['bash', 'zsh', 'fish'] },
  summary: 'Print a completion script for a shell.',
  notes: 'bash: source <(gluon completion bash)   zsh: source <(gluon completion zsh)   fish: gluon completion fish | source',
  load: async () => (await import('../commands/completion.ts')).completionOf(DECLARATIONS),
};

export const GROUPS: readonly (readonly [heading: string, commands: readonly CommandDeclaration[]])[] = [
  ['Start:', [...START, COMPLETION]],
  ['Projects:', PROJECTS],
  ['Runs:', RUNS],
  ['Git and landing:', CHANGES],
  ['Operate:', OPERATE],
];

export const DECLARATIONS: readonly CommandDeclaration[] = GROUPS.flatMap(([, commands]) => commands);

/** Builds the commander program out of the declarations. Nothing is run here: the chosen command is handed back. */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { Arguments, type CommandDeclaration, type OptionDeclaration } from './command.ts';
import { GROUPS } from './declarations/all.ts';

export interface Chosen {
  readonly declaration: CommandDeclaration;
  readonly args: Arguments;
  readonly json: boolean;
}

export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly columns: () => number | undefined;
}

const GROUP_SUMMARIES: Readonly<Record<string, string>> = {
  project: 'Projects: git repositories that Gluon works on.',
  workspace: 'Workspaces: folders that hold projects.',
  token: 'The token of this home.',
  session: "The agents' own conversations.",
  git: "State of the projects' checkouts.",
  branch: 'Branches of a project.',
  egress: 'What runs may reach on the network.',
  settings: 'Settings of config.yml.',
  worktree: 'Working copies of runs.',
};

/** `onChosen` gets the command that was typed, checked against its declaration. Errors and help are thrown as `CommanderError`. */
export function buildProgram(version: string, output: ProgramOutput, onChosen: (chosen: Chosen) => void): Command {
  const program = new Command('gluon');
  program
    .description('Orchestrator of AI coding agents.')
    .version(`gluon ${version}`, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: output.out,
      writeErr: output.err,
      getOutHelpWidth: () => output.columns() ?? 100,
      getErrHelpWidth: () => output.columns() ?? 100,
      outputError: () => {},
    })
    .helpCommand('help [command]', 'help for a command')
    .showHelpAfterError(false)
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 failed, 2 wrong use, 3 not found, 4 refused, 130 interrupted. Every command takes --json.',
    );
  const parents = new Map<string, Command>();
  for (const [heading, declarations] of GROUPS) {
    for (const declaration of declarations) {
      const words = declaration.path.split(' ');
      const name = words.at(-1) ?? '';
      const parent = words.length === 1 ? program : groupCommand(program, parents, words[0] ?? '', heading);
      const command = parent.command(name).description(declaration.summary);
      if (parent === program) command.helpGroup(heading);
      declare(command, declaration, onChosen);
    }
  }
  return program;
}

function groupCommand(program: Command, parents: Map<string, Command>, word: string, heading: string): Command {
  const known = parents.get(word);
  if (known !== undefined) return known;
  const made = program
    .command(word)
    .description(GROUP_SUMMARIES[word] ?? '')
    .helpGroup(heading)
    .helpCommand(false);
  parents.set(word, made);
  return made;
}

function declare(command: Command, declaration: CommandDeclaration, onChosen: (chosen: Chosen) => void): void {
  for (const flags of declaration.args?.split(' ') ?? []) {
    const argument = new Argument(flags);
    const choices = declaration.argChoices?.[argument.name()];
    if (choices !== undefined) argument.choices([...choices]);
    command.addArgument(argument);
  }
  const negated: [attribute: string, name: string][] = [];
  for (const option of declaration.options ?? []) {
    const made = commanderOption(option);
    if (made.negate) negated.push([made.attributeName(), `no${capital(made.attributeName())}`]);
    command.addOption(made);
  }
  command.option('--json', 'print JSON');
  if (declaration.notes !== undefined) command.addHelpText('after', `\n${declaration.notes}`);
  command.action((...given: unknown[]) => {
    const values: Record<string, unknown> = { ...command.opts() };
    // Commander turns "--no-x" into x = false; declarations read it by the name that was typed.
    for (const [attribute, name] of negated) values[name] = values[attribute] === false;
    command.registeredArguments.forEach((argument, index) => {
      values[argument.name()] = given[index];
    });
    onChosen({ declaration, args: new Arguments(values), json: values.json === true });
  });
}

function commanderOption(declaration: OptionDeclaration): Option {
  const option = new Option(declaration.flags, declaration.summary);
  if (declaration.kind === 'count') option.argParser(parseCount);
  if (declaration.kind === 'number') option.argParser(parseNumber);
  if (declaration.kind === 'list')
    option.argParser((value: string, before: string[] | undefined) => listed(value, before, declaration.choices));
  else if (declaration.choices !== undefined) option.choices([...declaration.choices]);
  return option;
}

function listed(value: string, before: string[] | undefined, choices: readonly string[] | undefined): string[] {
  if (choices !== undefined && !choices.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  return [...(before ?? []), value];
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(value);
}

function parseNumber(value: string): number {
  if (!/^\d{1,12}(\.\d+)?$/.test(value)) throw new InvalidArgumentError('It takes a number that is not negative.');
  return Number(value);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Completion in a prompt: files of a project by some of their letters, and the slash commands that its agent knows. */
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import { rankPaths } from '../core/completion/rank-paths.ts';
import { COMMAND_FOLDERS, commandOfFile } from '../core/completion/slash-commands.ts';
import type { Deps } from './deps.ts';
import { findProject } from './find.ts';

const MOST_COMMAND_FILES = 200;
const MOST_COMMAND_BYTES = 64 * 1024;

/** Of the base branch. With a query the best first, else those that begin with the prefix, in order. */
export async function completeFiles(deps: Deps, input: ParsedInput<'projects.files'>): Promise<OperationOutput<'projects.files'>> {
  const project = await findProject(deps.store, input.project);
  const commit = await deps.git.resolveCommit(project.path, project.base_branch ?? 'HEAD', project.name);
  if (input.query === undefined) return { items: await deps.git.listFiles(project.path, commit, input.prefix, input.limit) };
  return { items: rankPaths(await deps.fileLists.of(project.path, commit), input.query, input.limit) };
}

/** What lies in the base branch comes with its description; of the agent's own commands only the names are known. */
export async function listCommands(deps: Deps, ref: string): Promise<OperationOutput<'projects.commands'>> {
  const project = await findProject(deps.store, ref);
  const commit = await deps.git.resolveCommit(project.path, project.base_branch ?? 'HEAD', project.name);
  const files = await deps.git.textFiles(project.path, commit, [...COMMAND_FOLDERS], {
    suffix: '.md',
    most: MOST_COMMAND_FILES,
    maxBytes: MOST_COMMAND_BYTES,
  });
  const items = new Map<string, OperationOutput<'projects.commands'>['items'][number]>();
  for (const name of await deps.store.projectCommands(project.id))
    items.set(name, { name, source: 'agent', description: null, argument_hint: null });
  for (const { path, text } of files) {
    const found = commandOfFile(path, text);
    if (found === null) continue;
    const { argumentHint, ...command } = found;
    items.set(found.name, { ...command, argument_hint: argumentHint });
  }
  return { items: [...items.values()].sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

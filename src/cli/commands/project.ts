import { resolve } from 'node:path';
import type { OperationInput } from '../../contract/operations.ts';
import type { Project } from '../../contract/resources.ts';
import type { Arguments, CommandCode, CommandContext } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { oneLine, shortId } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';

export const PROJECT_COLUMNS: readonly Column<Project>[] = [
  { title: 'NAME', cell: (project) => oneLine(project.name) },
  { title: 'PATH', cell: (project) => oneLine(project.path), flexible: true },
  { title: 'BASE', cell: (project) => oneLine(project.base_branch ?? '-') },
  { title: 'ID', cell: (project) => shortId(project.id) },
];

/** A path relative to where the person stands; `~` and `${VAR}` at its beginning are left to the server. */
export function absolutePath(typed: string, cwd: string): string {
  return /^(~|\$)/.test(typed) ? typed : resolve(cwd, typed);
}

export const add: CommandCode = async (context, args) => {
  const project = await context.client.call('projects.add', {
    name: args.required('name'),
    path: absolutePath(args.required('path'), context.io.cwd),
    base_branch: args.text('baseBranch'),
  });
  printResult(context, project, () => `Added project ${oneLine(project.name)} (${shortId(project.id)}) at ${oneLine(project.path)}\n`);
  return 0;
};

export const list: CommandCode = async (context, args) => {
  const listed = await context.client.call('projects.list', { workspace: args.text('workspace') });
  printResult(context, listed, () =>
    tableText(context, listed.items, PROJECT_COLUMNS, 'No projects yet. Add one: gluon project add NAME PATH'),
  );
  return 0;
};

export const show: CommandCode = async (context, args) => {
  printProject(context, await context.client.call('projects.get', { project: args.required('project') }));
  return 0;
};

export const remove: CommandCode = async (context, args) => {
  const project = args.required('project');
  if (!args.flag('force'))
    await confirmed(context, `Remove project ${oneLine(project)} and its ended runs? Its repository is not touched.`);
  const done = await context.client.call('projects.remove', { project });
  printResult(context, done, () => `Removed project ${oneLine(project)}. Its repository was not touched.\n`);
  return 0;
};

export const set: CommandCode = async (context, args) => {
  printProject(context, await context.client.call('projects.update', changes(args, context.io.cwd)));
  return 0;
};

function changes(args: Arguments, cwd: string): OperationInput<'projects.update'> {
  const path = args.text('path');
  return {
    project: args.required('project'),
    name: args.text('name'),
    path: path === undefined ? undefined : absolutePath(path, cwd),
    base_branch: orNull(args.text('baseBranch')),
    branch_template: orNull(args.text('branchTemplate')),
    worktree_root: orNull(args.text('worktreeRoot')),
    max_concurrent_runs: args.number('maxConcurrentRuns') === 0 ? null : args.number('maxConcurrentRuns'),
    egress: orNull(egressPolicy(args.text('egress'))),
    sandbox: orNull(args.text('sandbox') as 'strict' | undefined),
  };
}

/** The word `default` takes the project's own value away. */
function orNull<T>(value: T | 'default' | undefined): T | null | undefined {
  return value === 'default' ? null : (value as T | undefined);
}

/** `none`, `packages`, `all`, or names with commas. */
export function egressPolicy(typed: string | undefined): 'none' | 'packages' | 'all' | 'default' | string[] | undefined {
  if (typed === undefined || typed === 'none' || typed === 'packages' || typed === 'all' || typed === 'default') return typed;
  return typed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function printProject(context: CommandContext, project: Project): void {
  printResult(context, project, () =>
    renderFields(
      [
        ['Name', oneLine(project.name)],
        ['Id', project.id],
        ['Path', oneLine(project.path)],
        ['Base branch', oneLine(project.base_branch ?? 'what is checked out when a run is submitted')],
        ['Branch template', project.branch_template === null ? null : oneLine(project.branch_template)],
        ['Worktree root', project.worktree_root === null ? null : oneLine(project.worktree_root)],
        ['Runs at a time', project.max_concurrent_runs === null ? null : String(project.max_concurrent_runs)],
        ['Sandbox', project.sandbox],
        ['Egress', project.egress === null ? null : oneLine([project.egress].flat().join(', '))],
        ['Added', project.created_at],
      ],
      context.style,
    ),
  );
}

import type { OperationOutput } from '../../contract/operations.ts';
import type { Workspace } from '../../contract/resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { oneLine, plural, shortId } from '../terminal/format.ts';
import { printJson, printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';
import { absolutePath, PROJECT_COLUMNS } from './project.ts';

const COLUMNS: readonly Column<Workspace>[] = [
  { title: 'NAME', cell: (workspace) => oneLine(workspace.name) },
  { title: 'PATH', cell: (workspace) => oneLine(workspace.path), flexible: true },
  { title: 'PROJECTS', cell: (workspace) => String(workspace.project_count), align: 'right' },
  { title: 'ID', cell: (workspace) => shortId(workspace.id) },
];

export const add: CommandCode = async (context, args) => {
  const added = await context.client.call('workspaces.add', {
    name: args.required('name'),
    path: absolutePath(args.required('path'), context.io.cwd),
    scan: !args.flag('noScan'),
  });
  printResult(context, added, () => scanText(context, added));
  return 0;
};

export const list: CommandCode = async (context) => {
  const listed = await context.client.call('workspaces.list', {});
  printResult(context, listed, () =>
    tableText(context, listed.items, COLUMNS, 'No workspaces yet. Add one: gluon workspace add NAME PATH'),
  );
  return 0;
};

export const show: CommandCode = async (context, args) => {
  const workspace = await context.client.call('workspaces.get', { workspace: args.required('workspace') });
  printResult(context, workspace, () =>
    renderFields(
      [
        ['Name', oneLine(workspace.name)],
        ['Id', workspace.id],
        ['Path', oneLine(workspace.path)],
        ['Projects', String(workspace.project_count)],
        ['Added', workspace.created_at],
      ],
      context.style,
    ),
  );
  return 0;
};

/** One workspace, or all of them. With `--json` one answer, or `{items}` of answers. */
export const scan: CommandCode = async (context, args) => {
  const named = args.text('workspace');
  if (named !== undefined) {
    const scanned = await context.client.call('workspaces.scan', { workspace: named });
    printResult(context, scanned, () => scanText(context, scanned));
    return 0;
  }
  const items: OperationOutput<'workspaces.scan'>[] = [];
  for (const workspace of (await context.client.call('workspaces.list', {})).items) {
    items.push(await context.client.call('workspaces.scan', { workspace: workspace.id }));
  }
  if (context.json) printJson(context.io, { items });
  else context.io.out.write(items.map((scanned) => scanText(context, scanned)).join('') || 'No workspaces yet.\n');
  return 0;
};

export const projects: CommandCode = async (context, args) => {
  const listed = await context.client.call('projects.list', { workspace: args.required('workspace') });
  printResult(context, listed, () =>
    tableText(context, listed.items, PROJECT_COLUMNS, 'No projects in it. Search it: gluon workspace scan'),
  );
  return 0;
};

export const remove: CommandCode = async (context, args) => {
  const workspace = args.required('workspace');
  const withProjects = args.flag('withProjects');
  const what = withProjects ? ' and its projects' : '';
  if (!args.flag('force')) await confirmed(context, `Remove workspace ${oneLine(workspace)}${what}? No files are touched.`);
  const done = await context.client.call('workspaces.remove', { workspace, with_projects: withProjects });
  printResult(context, done, () => `Removed workspace ${oneLine(workspace)}${what}. No files were touched.\n`);
  return 0;
};

function scanText(context: CommandContext, scanned: OperationOutput<'workspaces.scan'>): string {
  const head = `${oneLine(scanned.workspace.name)}: ${plural(scanned.found.length, 'new project')}, ${scanned.workspace.project_count} in all\n`;
  return scanned.found.length === 0 ? head : head + tableText(context, scanned.found, PROJECT_COLUMNS, '');
}

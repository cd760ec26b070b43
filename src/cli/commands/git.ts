import type { Branch, GitStatus } from '../../contract/git-resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { ago, oneLine, shortId } from '../terminal/format.ts';
import { printJson, printResult, tableText } from '../terminal/print.ts';
import type { Column } from '../terminal/table.ts';

function statusColumns(nowMs: number): readonly Column<GitStatus>[] {
  return [
    { title: 'PROJECT', cell: (status) => oneLine(status.project) },
    { title: 'BRANCH', cell: (status) => oneLine(status.branch ?? '(detached)') },
    { title: 'STATE', cell: stateWord, paint: (status) => (stateWord(status) === 'clean' ? 'green' : 'yellow') },
    { title: 'REMOTE', cell: (status) => oneLine(status.remote ?? '-'), flexible: true },
    { title: 'FETCHED', cell: (status) => ago(status.fetched_at, nowMs) },
  ];
}

function stateWord(status: GitStatus): string {
  const parts: string[] = [];
  if (status.uncommitted > 0) parts.push(`${status.uncommitted} uncommitted`);
  const ahead = status.ahead ?? 0;
  const behind = status.behind ?? 0;
  if (ahead > 0 && behind > 0) parts.push(`diverged +${ahead} -${behind}`);
  else if (ahead > 0) parts.push(`${ahead} ahead`);
  else if (behind > 0) parts.push(`${behind} behind`);
  return parts.length === 0 ? 'clean' : parts.join(', ');
}

/** One project, or all of them; with `--json` the state of the one, or `{items}`. */
function overProjects(operation: 'git.status' | 'git.fetch'): CommandCode {
  return async (context, args) => {
    const named = args.text('project');
    if (named !== undefined) {
      printStatus(context, await context.client.call(operation, { project: named }));
      return 0;
    }
    const items: GitStatus[] = [];
    for (const project of (await context.client.call('projects.list', {})).items) {
      items.push(await context.client.call(operation, { project: project.id }));
    }
    if (context.json) printJson(context.io, { items });
    else context.io.out.write(tableText(context, items, statusColumns(context.io.clock.nowMs()), 'No projects yet.'));
    return 0;
  };
}

function printStatus(context: CommandContext, status: GitStatus): void {
  printResult(context, status, () => tableText(context, [status], statusColumns(context.io.clock.nowMs()), ''));
}

export const status = overProjects('git.status');
export const fetchRemote = overProjects('git.fetch');

export const sync: CommandCode = async (context, args) => {
  printStatus(context, await context.client.call('git.sync', { project: args.required('project') }));
  return 0;
};

export const push: CommandCode = async (context, args) => {
  const pushed = await context.client.call('git.push', { project: args.required('project'), branch: args.text('branch') });
  printResult(context, pushed, () => `Pushed ${oneLine(pushed.branch)} to ${oneLine(pushed.remote)} at ${pushed.commit.slice(0, 10)}\n`);
  return 0;
};

const BRANCH_COLUMNS: readonly Column<Branch>[] = [
  { title: 'BRANCH', cell: (branch) => `${branch.current ? '* ' : ''}${oneLine(branch.name)}` },
  { title: 'COMMIT', cell: (branch) => branch.commit.slice(0, 10), paint: () => 'yellow' },
  { title: 'RUN', cell: (branch) => shortId(branch.run_id) },
  { title: 'MERGED', cell: (branch) => (branch.merged ? 'yes' : 'no') },
  { title: 'SUBJECT', cell: (branch) => oneLine(branch.subject), flexible: true },
];

export const branches: CommandCode = async (context, args) => {
  const listed = await context.client.call('branches.list', {
    project: args.required('project'),
    mine: args.flag('mine') ? true : undefined,
    limit: args.number('limit'),
  });
  printResult(context, listed, () => tableText(context, listed.items, BRANCH_COLUMNS, 'No branches.'));
  return 0;
};

export const renameBranch: CommandCode = async (context, args) => {
  const [from, to] = [args.required('from'), args.required('to')];
  const done = await context.client.call('branches.rename', { project: args.required('project'), from, to });
  printResult(context, done, () => `Renamed ${oneLine(from)} to ${oneLine(to)}\n`);
  return 0;
};

export const deleteBranch: CommandCode = async (context, args) => {
  const name = args.required('branch');
  if (!args.flag('force')) await confirmed(context, `Delete the branch ${oneLine(name)}? Its commits stay reachable for its run.`);
  const done = await context.client.call('branches.delete', { project: args.required('project'), name });
  printResult(context, done, () => `Deleted ${oneLine(name)}\n`);
  return 0;
};

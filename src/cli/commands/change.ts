/** Commands that show what a run changed. */

import { GluonError } from '../../contract/errors.ts';
import type { Diff, FileChange } from '../../contract/git-resources.ts';
import type { OperationInput, OperationOutput } from '../../contract/operations.ts';
import type { Run } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import type { Arguments, CommandCode, CommandContext } from '../command.ts';
import { runRef } from '../run-ref.ts';
import { oneLine, plural } from '../terminal/format.ts';
import { printJson, printResult, tableText } from '../terminal/print.ts';
import type { Paint, Style } from '../terminal/style.ts';
import type { Column } from '../terminal/table.ts';

type Commit = OperationOutput<'runs.commits'>['items'][number];
const DIFF_WINDOW_LINES = 10_000;

export const diff: CommandCode = async (context, args) => {
  if (args.flag('stat')) return files(context, args);
  const input: OperationInput<'runs.diff'> = {
    run: runRef(args),
    path: args.text('path'),
    commit: args.text('commit')?.toLowerCase(),
    compare: args.flag('sinceLast') ? 'checkpoint' : undefined,
    limit: DIFF_WINDOW_LINES,
  };
  const raw = args.flag('raw');
  if (raw && context.io.out.isTerminal) {
    throw new GluonError('wrong_use', {
      why: 'An exact diff is not written to a terminal: what is in it could steer it.',
      command: 'diff',
    });
  }
  if (context.json) printJson(context.io, await wholeDiff(context, input));
  else for await (const window of windows(context, input)) context.io.out.write(raw ? window.text : paintDiff(window.text, context.style));
  return 0;
};

async function* windows(context: CommandContext, input: OperationInput<'runs.diff'>): AsyncGenerator<Diff> {
  for (let offset: number | null = 0; offset !== null; ) {
    const window: Diff = await context.client.call('runs.diff', { ...input, offset });
    yield window;
    offset = window.next_offset !== null && window.next_offset > offset ? window.next_offset : null;
  }
}

/** All windows as one, with the fields of the operation. */
async function wholeDiff(context: CommandContext, input: OperationInput<'runs.diff'>): Promise<Diff> {
  const all: Diff[] = [];
  for await (const window of windows(context, input)) all.push(window);
  const [first] = all;
  if (first === undefined) throw new TypeError('a diff has at least one window');
  const lines = all.reduce((sum, window) => sum + window.lines, 0);
  return { ...first, text: all.map((window) => window.text).join(''), lines, next_offset: null };
}

/** Safe for a terminal; line by line, in the colours that people know from git. */
export function paintDiff(text: string, style: Style): string {
  if (text === '') return '';
  const lines = stripTerminal(text).split('\n');
  return lines.map((line) => style(diffPaint(line), line)).join('\n') + (text.endsWith('\n') ? '' : '\n');
}

function diffPaint(line: string): Paint | null {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename |old mode|new mode|Binary )/.test(line)) return 'bold';
  if (line.startsWith('@@')) return 'cyan';
  if (line.startsWith('+')) return 'green';
  return line.startsWith('-') ? 'red' : null;
}

const COMMIT_COLUMNS: readonly Column<Commit>[] = [
  { title: 'COMMIT', cell: (commit) => commit.sha.slice(0, 10), paint: () => 'yellow' },
  { title: 'AT', cell: (commit) => oneLine(commit.at).slice(0, 19) },
  { title: 'AUTHOR', cell: (commit) => oneLine(commit.author, 24) },
  { title: 'SUBJECT', cell: (commit) => oneLine(commit.subject), flexible: true },
];

export const commits: CommandCode = async (context, args) => {
  const listed = await context.client.call('runs.commits', { run: runRef(args), limit: args.number('limit') });
  printResult(context, listed, () => tableText(context, listed.items, COMMIT_COLUMNS, 'No commits.'));
  return 0;
};

const FILE_COLUMNS: readonly Column<FileChange>[] = [
  { title: 'CHANGE', cell: (file) => file.change },
  { title: '+', cell: (file) => (file.insertions === null ? 'bin' : String(file.insertions)), align: 'right', paint: () => 'green' },
  { title: '-', cell: (file) => (file.deletions === null ? 'bin' : String(file.deletions)), align: 'right', paint: () => 'red' },
  { title: 'FILE', cell: (file) => oneLine(file.old_path === null ? file.path : `${file.old_path} -> ${file.path}`) },
];

export const files: CommandCode = async (context, args) => {
  const run = runRef(args);
  const commit = args.text('commit');
  if (commit !== undefined) {
    const shown = await context.client.call('runs.commit', { run, sha: commit.toLowerCase() });
    printResult(context, shown, () => filesText(context, shown.files));
    return 0;
  }
  const listed = await context.client.call('runs.files', { run, compare: args.flag('sinceLast') ? 'checkpoint' : undefined });
  printResult(context, listed, () => filesText(context, filtered(listed.items, args)));
  return 0;
};

function filtered(items: readonly FileChange[], args: Arguments): readonly FileChange[] {
  const path = args.text('path');
  return path === undefined ? items : items.filter((file) => file.path === path || file.path.startsWith(`${path.replace(/\/$/, '')}/`));
}

function filesText(context: CommandContext, items: readonly FileChange[]): string {
  const sum = (pick: (file: FileChange) => number | null) => items.reduce((total, file) => total + (pick(file) ?? 0), 0);
  const foot = `${plural(items.length, 'file')}, +${sum((file) => file.insertions)} -${sum((file) => file.deletions)}\n`;
  return tableText(context, items, FILE_COLUMNS, 'Nothing changed.') + (items.length === 0 ? '' : foot);
}

/** The path of the working copy: for `cd "$(gluon open ID)"`. */
export const open: CommandCode = async (context, args) => {
  const run = await context.client.call('runs.get', { run: runRef(args) });
  const path = run.worktree_path;
  if (path === null) throw new GluonError('file_not_found', { path: `working copy of ${args.required('run')} (try "gluon undelete")` });
  printResult(
    context,
    { path, branch: run.branch_name } satisfies { path: string; branch: Run['branch_name'] },
    () => `${oneLine(path)}\n`,
  );
  return 0;
};

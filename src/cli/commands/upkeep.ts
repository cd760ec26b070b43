/** Disk, retention and activity. */
import type { OperationOutput } from '../../contract/operations.ts';
import type { GluonEvent } from '../../contract/resources.ts';
import type { CommandCode } from '../command.ts';
import { confirmed } from '../confirm.ts';
import { ago, bytes, oneLine, plural, shortId } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';

type CleanupItem = OperationOutput<'cleanup.preview'>['items'][number];
type Worktree = OperationOutput<'worktrees.list'>['items'][number];

export const stats: CommandCode = async (context) => {
  const shown = await context.client.call('system.stats', {});
  printResult(context, shown, () => {
    const sections = Object.entries(shown.sections).sort(([, a], [, b]) => b - a);
    const fields = renderFields(
      [
        ['Total', bytes(shown.total_bytes)],
        ['Free', bytes(shown.free_bytes)],
        ...sections.map(([name, size]) => [oneLine(name), bytes(size)] as const),
      ],
      context.style,
    );
    const runs = shown.largest_runs.map((run) => `  ${shortId(run.run_id)}  ${bytes(run.bytes)}  ${oneLine(run.title, 60)}\n`);
    return fields + (runs.length === 0 ? '' : `Largest runs\n${runs.join('')}`);
  });
  return 0;
};

const CLEANUP_COLUMNS: readonly Column<CleanupItem>[] = [
  { title: 'WHAT', cell: (item) => oneLine(item.kind) },
  { title: 'ID', cell: (item) => shortId(item.id) },
  { title: 'SIZE', cell: (item) => bytes(item.bytes), align: 'right' },
  { title: 'WHY', cell: (item) => oneLine(item.reason), flexible: true },
];

export const cleanup: CommandCode = async (context, args) => {
  const preview = await context.client.call('cleanup.preview', {});
  if (args.flag('dryRun')) {
    printResult(context, preview, () => tableText(context, preview.items, CLEANUP_COLUMNS, 'Nothing to clean up.'));
    return 0;
  }
  if (preview.items.length > 0 && !args.flag('force')) {
    await confirmed(context, `Remove ${plural(preview.items.length, 'thing')} (${bytes(preview.bytes)})? Work is rescued first.`);
  }
  const done = await context.client.call('cleanup.run', {});
  printResult(context, done, () => `Removed ${plural(done.items.length, 'thing')}, ${bytes(done.bytes)}.\n`);
  return 0;
};

const WORKTREE_COLUMNS: readonly Column<Worktree>[] = [
  { title: 'RUN', cell: (worktree) => shortId(worktree.run_id) },
  { title: 'STATE', cell: (worktree) => worktree.state },
  { title: 'SIZE', cell: (worktree) => bytes(worktree.bytes), align: 'right' },
  { title: 'PATH', cell: (worktree) => oneLine(worktree.path) },
  { title: 'WHY', cell: (worktree) => oneLine(worktree.reason), flexible: true },
];

export const worktrees: CommandCode = async (context) => {
  const listed = await context.client.call('worktrees.list', {});
  printResult(context, listed, () => tableText(context, listed.items, WORKTREE_COLUMNS, 'No working copies.'));
  return 0;
};

export const collectWorktrees: CommandCode = async (context, args) => {
  const dryRun = args.flag('dryRun');
  const done = await context.client.call('worktrees.gc', { dry_run: dryRun });
  printResult(context, done, () => {
    const lines = done.removed.map((path) => `  ${oneLine(path)}\n`).join('');
    return `${dryRun ? 'Would remove' : 'Removed'} ${plural(done.removed.length, 'working copy', 'working copies')}, kept ${done.kept.length}.\n${lines}`;
  });
  return 0;
};

export const activity: CommandCode = async (context, args) => {
  const listed = await context.client.call('activity.list', {
    project: args.text('project'),
    type: args.text('type'),
    actor: args.text('actor'),
    limit: args.number('limit'),
    cursor: args.text('cursor'),
  });
  const nowMs = context.io.clock.nowMs();
  const columns: readonly Column<GluonEvent>[] = [
    { title: 'WHEN', cell: (event) => ago(event.at, nowMs) },
    { title: 'EVENT', cell: (event) => oneLine(event.type) },
    { title: 'RUN', cell: (event) => shortId(event.run_id) },
    { title: 'BY', cell: (event) => oneLine(event.actor) },
    { title: 'DETAIL', cell: (event) => payloadText(event.payload), flexible: true },
  ];
  printResult(context, listed, () => tableText(context, listed.items, columns, 'Nothing happened yet.'));
  return 0;
};

function payloadText(payload: Record<string, unknown>): string {
  const parts = Object.entries(payload).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return oneLine(parts.join(' '), 100);
}

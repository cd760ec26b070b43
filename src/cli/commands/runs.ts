/** Commands that list and show runs. */
import type { Question, Run } from '../../contract/resources.ts';
import type { RunStatus } from '../../core/run/status.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { changeSummary, outcomeWord, statusPaint } from '../live/end-of-run.ts';
import { elapsedMs, workedMs, workedMsOf } from '../live/worked-time.ts';
import { renderQuestion } from '../questions/render.ts';
import { runRef } from '../run-ref.ts';
import { ago, count, duration, oneLine, shortId, usd } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';

const ACTIVE: readonly RunStatus[] = ['pending', 'running', 'review'];

/** `worked`: how long attempts lived, by id; of others the time from beginning to end is shown. */
export function runColumns(nowMs: number, worked: ReadonlyMap<string, number> = new Map()): readonly Column<Run>[] {
  return [
    { title: 'ID', cell: (run) => shortId(run.id) },
    { title: 'STATUS', cell: statusWord, paint: (run) => statusPaint(run.status) },
    { title: 'PROJECT', cell: (run) => oneLine(run.project, 24) },
    { title: 'TITLE', cell: (run) => oneLine(run.title, 60), flexible: true },
    { title: 'COST', cell: (run) => usd(run.cost_usd), align: 'right' },
    { title: 'TIME', cell: (run) => duration(worked.get(run.id) ?? elapsedMs(run, nowMs)), align: 'right' },
    { title: 'CREATED', cell: (run) => ago(run.created_at, nowMs), align: 'right' },
  ];
}

function statusWord(run: Run): string {
  if (run.pending_questions > 0) return `${run.status} (asks)`;
  if (run.waiting !== null) return `${run.status} (${run.waiting.reason})`;
  return run.status === 'failed' && run.outcome !== null ? `failed (${run.outcome})` : run.status;
}

export const list: CommandCode = async (context, args) => {
  const asked = args.list('status') as RunStatus[];
  const status = args.flag('active') ? [...ACTIVE] : asked.length === 0 ? undefined : asked;
  const limit = args.number('limit') ?? 20;
  const page = await context.client.call('runs.list', {
    project: args.text('project'),
    status,
    archived: args.flag('archived') ? true : undefined,
    search: args.text('search'),
    limit,
    cursor: args.text('cursor'),
  });
  const nowMs = context.io.clock.nowMs();
  const worked = context.json ? undefined : await workedMsOf(context.client, page.items, nowMs);
  printResult(context, page, () => {
    const table = tableText(context, page.items, runColumns(nowMs, worked), 'No runs here. Start one: gluon run PROJECT "what to do"');
    return page.next_cursor === null ? table : `${table}There are more: -l ${limit * 2}, or page by page with --json and --cursor.\n`;
  });
  return 0;
};

export const show: CommandCode = async (context, args) => {
  const run = await context.client.call('runs.get', { run: runRef(args) });
  const asks = run.pending_questions > 0 || run.waiting?.reason === 'input';
  const questions = context.json || !asks ? [] : await openQuestions(context, run.id);
  const worked = context.json ? 0 : await workedMs(context.client, run, context.io.clock.nowMs());
  printResult(context, run, () => showText(context, run, questions, worked));
  return 0;
};

/** Those that an agent waits for come first, then those that parked the run. */
export async function openQuestions(context: CommandContext, run: string): Promise<Question[]> {
  const { items } = await context.client.call('runs.questions', { run });
  return [...items.filter((question) => question.state === 'open'), ...items.filter((question) => question.state === 'parked')];
}

function showText(context: CommandContext, run: Run, questions: readonly Question[], worked: number): string {
  const { style } = context;
  const fields = renderFields(
    [
      ['Run', `${style('bold', shortId(run.id))} (${run.id})`],
      ['Title', oneLine(run.title, 120)],
      ['Project', oneLine(run.project)],
      ['Status', style(statusPaint(run.status), run.outcome === null ? run.status : outcomeWord(run))],
      ['Why', run.outcome_detail === null ? null : oneLine(run.outcome_detail)],
      ['Waits for', run.waiting === null ? null : `${run.waiting.reason}: ${oneLine(run.waiting.detail)}`],
      ['Agent', `${oneLine(run.agent)}, ${oneLine(run.model ?? 'default model')}, profile ${run.profile}`],
      ['Sandbox', `${run.sandbox}, egress ${oneLine([run.egress].flat().join(', '))}`],
      ['Refused', run.egress_refused.map((host) => oneLine(host)).join(', ')],
      ['Branch', run.branch_name === null ? null : oneLine(run.branch_name)],
      ['Base', run.base_commit === null ? null : `${oneLine(run.base_branch ?? '')} ${run.base_commit.slice(0, 10)}`.trim()],
      ['Change', changeSummary(run)],
      ['Merged', run.merged_commit?.slice(0, 10)],
      ['Working copy', run.worktree_path === null ? null : oneLine(run.worktree_path)],
      ['Cost', `${usd(run.cost_usd)}${run.max_cost_usd === null ? '' : ` of ${usd(run.max_cost_usd)}`}`],
      ['Tokens', `${count(run.input_tokens)} in, ${count(run.output_tokens)} out, ${count(run.cache_read_tokens)} read from cache`],
      ['Attempts', String(run.attempts)],
      ['Time', duration(worked)],
      ['Created', `${run.created_at} by ${oneLine(run.initiator)}`],
      ['Can move to', run.legal_moves.join(', ')],
    ],
    style,
  );
  return fields + questions.map((question) => `\n${renderQuestion(question, style)}  gluon answer ${shortId(run.id)} 1\n`).join('');
}

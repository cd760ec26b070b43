/** What is said when a run has ended: outcome, branch, change, cost, time, and what to do next. */
import type { Run } from '../../contract/resources.ts';
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import { duration, oneLine, plural, shortId, usd } from '../terminal/format.ts';
import type { Paint, Style } from '../terminal/style.ts';

/** `workedMs`: how long attempts lived. */
export function renderEnd(run: Run, workedMs: number, style: Style): string {
  const good = run.outcome === 'completed';
  const mark = good ? style('green', '✓') : run.status === 'cancelled' ? style('yellow', '■') : style('red', '✗');
  const detail = run.outcome_detail === null ? '' : ` – ${oneLine(run.outcome_detail)}`;
  const lines = [`${mark} ${style('bold', shortId(run.id))} ${outcomeWord(run)}${good ? '' : detail}`];
  if (run.branch_name !== null) lines.push(`  branch ${oneLine(run.branch_name)}  ${changeSummary(run)}`);
  lines.push(`  ${usd(run.cost_usd)} · ${plural(run.model_calls, 'model call')} · ${duration(workedMs)}`);
  if (run.egress_refused.length > 0) lines.push(`  refused connections: ${run.egress_refused.map((host) => oneLine(host)).join(', ')}`);
  const next = nextSteps(run).map((step) => `  ${style('dim', 'next:')} ${step}`);
  return `\n${[...lines, ...next].join('\n')}\n`;
}

export function outcomeWord(run: Run): string {
  return run.outcome === null ? run.status : `${run.outcome} (${run.status})`;
}

export function changeSummary(run: Run): string {
  if (run.commit_count === 0 && run.files_changed === 0) return 'no commits';
  return `${plural(run.commit_count, 'commit')}, ${plural(run.files_changed, 'file')} +${run.insertions} -${run.deletions}`;
}

export function statusPaint(status: Run['status']): Paint | null {
  const paints: Record<Run['status'], Paint | null> = {
    pending: 'dim',
    running: 'cyan',
    review: 'yellow',
    completed: 'green',
    failed: 'red',
    cancelled: 'dim',
  };
  return paints[status];
}

/** The last thing that the agent said, ending in a newline. */
export function finalText(text: string): string {
  const safe = stripTerminal(text).trimEnd();
  return safe === '' ? '' : `${safe}\n`;
}

function nextSteps(run: Run): string[] {
  const id = shortId(run.id);
  if (run.waiting?.reason === 'input') return [`gluon answer ${id}`];
  if (run.egress_refused[0] !== undefined) return [`gluon egress allow ${id} ${oneLine(run.egress_refused[0])}`, `gluon resume ${id}`];
  if (run.status === 'review') {
    const look = run.files_changed > 0 ? [`gluon diff ${id}`, `gluon merge ${id}`] : [`gluon logs ${id}`];
    return [...look, `gluon resume ${id} "…"`];
  }
  if (run.status === 'failed') return [`gluon logs ${id} --errors`, `gluon resume ${id}`];
  return run.status === 'cancelled' ? [`gluon move ${id} pending`] : [];
}

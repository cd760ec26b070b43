import { GluonError } from '../../contract/errors.ts';
import type { TokenTotals } from '../../contract/resources.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { count, oneLine, shortId, usd } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import type { Column } from '../terminal/table.ts';

function totals<Row extends TokenTotals>(): readonly Column<Row>[] {
  return [
    { title: 'COST', cell: (row) => `${usd(row.cost_usd)}${row.unpriced_calls > 0 ? ' + ?' : ''}`, align: 'right' },
    { title: 'RUNS', cell: (row) => String(row.runs), align: 'right' },
    { title: 'CALLS', cell: (row) => count(row.model_calls), align: 'right' },
    { title: 'IN', cell: (row) => count(row.input_tokens), align: 'right' },
    { title: 'OUT', cell: (row) => count(row.output_tokens), align: 'right' },
    { title: 'CACHE READ', cell: (row) => count(row.cache_read_tokens), align: 'right' },
    { title: 'CACHE WRITE', cell: (row) => count(row.cache_write_tokens), align: 'right' },
  ];
}

const NOTHING = 'No model calls yet.';

export const usage: CommandCode = async (context, args) => {
  const by = args.text('by');
  const project = args.text('project');
  const range = { project, since: args.text('since'), until: args.text('until') };
  if (by === 'project') {
    const listed = await context.client.call('usage.by_project', range);
    return show(context, listed, listed.items, { title: 'PROJECT', cell: (row) => oneLine(row.project) });
  }
  if (by === 'model') {
    const listed = await context.client.call('usage.by_model', range);
    return show(context, listed, listed.items, { title: 'MODEL', cell: (row) => oneLine(row.model) });
  }
  if (by === 'day') {
    const listed = await context.client.call('usage.by_day', range);
    return show(context, listed, listed.items, { title: 'DAY', cell: (row) => oneLine(row.day) });
  }
  if (by === 'run') {
    const listed = await context.client.call('usage.runs', { ...range, limit: args.number('limit') });
    return show(context, listed, listed.items, {
      title: 'RUN',
      cell: (row) => `${shortId(row.run_id)} ${oneLine(row.title, 40)}`,
      flexible: true,
    });
  }
  if (range.since !== undefined || range.until !== undefined) {
    throw new GluonError('wrong_use', { why: '--since and --until go with --by project, model, day or run.', command: 'usage' });
  }
  const summary = await context.client.call('usage.summary', { project });
  const rows = (['today', 'week', 'month', 'total'] as const).map((period) => ({ ...summary[period], period }));
  return show(context, summary, rows, { title: 'PERIOD', cell: (row) => row.period });
};

function show<Row extends TokenTotals>(context: CommandContext, value: unknown, rows: readonly Row[], first: Column<Row>): 0 {
  printResult(context, value, () => tableText(context, rows, [first, ...totals<Row>()], NOTHING));
  return 0;
}

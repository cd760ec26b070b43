/** Output of commands. */
import type { CommandContext } from '../command.ts';
import type { CliIo } from '../io.ts';
import { safeJson } from './json.ts';
import { type Column, renderTable } from './table.ts';

export function printJson(io: Pick<CliIo, 'out'>, value: unknown): void {
  io.out.write(`${safeJson(value, 2)}\n`);
}

/** With `--json` the value as the operation gave it, else the text. */
export function printResult(context: CommandContext, value: unknown, text: () => string): void {
  if (context.json) printJson(context.io, value);
  else context.io.out.write(text());
}

/** A table, or a sentence that teaches the next step when there is nothing to list. */
export function tableText<Row>(context: CommandContext, rows: readonly Row[], columns: readonly Column<Row>[], whenEmpty: string): string {
  if (rows.length === 0) return `${whenEmpty}\n`;
  return renderTable(rows, columns, context.io.out.columns(), context.style);
}

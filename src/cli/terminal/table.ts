/** Text tables that fit their columns to what is in them and to the terminal. */
import type { Paint, Style } from './style.ts';
import { cutToWidth, displayWidth, padToWidth } from './width.ts';

export interface Column<Row> {
  readonly title: string;
  /** One line, already safe for a terminal, without colours. */
  readonly cell: (row: Row) => string;
  readonly paint?: (row: Row) => Paint | null;
  readonly align?: 'left' | 'right';
  /** Gives up room when the terminal is too narrow. At most one per table should. */
  readonly flexible?: boolean;
}

const GAP = '  ';
const LEAST_FLEXIBLE = 12;

/** Ends with a newline. `columns` undefined (a pipe): nothing is cut. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number | undefined, style: Style): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row).replace(/\s+/gu, ' ').trim()));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  shrink(widths, columns, width);
  const line = (texts: string[], paints: (Paint | null)[]): string =>
    texts
      .map((text, index) => {
        const room = widths[index] ?? 0;
        const cut = cutToWidth(text, room);
        const padded = index === texts.length - 1 && columns[index]?.align !== 'right' ? cut : padToWidth(cut, room, columns[index]?.align);
        return style(paints[index] ?? null, padded);
      })
      .join(GAP)
      .trimEnd();
  const head = line(
    columns.map((column) => column.title),
    columns.map(() => 'bold'),
  );
  const body = rows.map((row, at) =>
    line(
      cells[at] ?? [],
      columns.map((column) => column.paint?.(row) ?? null),
    ),
  );
  return `${[head, ...body].join('\n')}\n`;
}

function shrink<Row>(widths: number[], columns: readonly Column<Row>[], width: number | undefined): void {
  if (width === undefined) return;
  const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1);
  const at = columns.findIndex((column) => column.flexible);
  const own = widths[at];
  if (total <= width || own === undefined) return;
  widths[at] = Math.max(Math.min(LEAST_FLEXIBLE, own), own - (total - width));
}

/** Two columns of names and values, for `show`. */
export function renderFields(fields: readonly (readonly [string, string | null | undefined])[], style: Style): string {
  const shown = fields.filter(
    (field): field is readonly [string, string] => field[1] !== null && field[1] !== undefined && field[1] !== '',
  );
  const room = Math.max(0, ...shown.map(([name]) => displayWidth(name)));
  return shown.map(([name, value]) => `${style('dim', padToWidth(name, room))}${GAP}${value}\n`).join('');
}

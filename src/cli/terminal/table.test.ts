import { expect, test } from 'vitest';
import { renderFields, renderTable } from './table.ts';
import { displayWidth } from './width.ts';

const plain = (_paint: unknown, text: string) => text;
const rows = [
  { name: '日本', cost: '1', title: 'short' },
  { name: 'b', cost: '12.50', title: 'a title that is much longer than the others' },
];
const columns = [
  { title: 'NAME', cell: (row: (typeof rows)[0]) => row.name },
  { title: 'COST', cell: (row: (typeof rows)[0]) => row.cost, align: 'right' as const },
  { title: 'TITLE', cell: (row: (typeof rows)[0]) => row.title, flexible: true },
];

test('columns stand below each other', () => {
  expect(renderTable(rows, columns, undefined, plain)).toBe(
    'NAME   COST  TITLE\n日本      1  short\nb     12.50  a title that is much longer than the others\n',
  );
});

test('a terminal is never overrun while the flexible column can give room', () => {
  const lines = renderTable(rows, columns, 30, plain).trimEnd().split('\n');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(30);
  expect(lines[2]).toContain('…');
});

test('a cell is one line', () => {
  expect(renderTable([{ name: 'a\nb\tc', cost: '', title: '' }], columns, undefined, plain)).toContain('a b c');
});

test('colours do not shift columns', () => {
  const red = (paint: unknown, text: string) => (paint === null ? text : `\u001b[31m${text}\u001b[39m`);
  const painted = renderTable(
    rows,
    [{ ...(columns[0] as (typeof columns)[0]), paint: () => 'red' as const }, ...columns.slice(1)],
    undefined,
    red,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are taken out for the comparison.
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(renderTable(rows, columns, undefined, plain));
});

test('fields without a value are left out', () => {
  expect(
    renderFields(
      [
        ['A', 'x'],
        ['Long', null],
        ['B', ''],
        ['Cc', undefined],
      ],
      plain,
    ),
  ).toBe('A  x\n');
});

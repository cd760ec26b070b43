/** From figures to text: the table of a terminal and the page of the documentation. */
import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { met, type Row } from './row.ts';

export interface BenchRecord {
  at: string;
  quick: boolean;
  /** Load average of the last minute when it began. */
  load: number;
  rows: Row[];
  failed?: string;
}

export interface Results {
  machine: string;
  benches: Record<string, BenchRecord>;
}

/** What the figures were measured on: no names of hosts or people. */
export async function machine(): Promise<string> {
  const release = await readFile('/proc/sys/kernel/osrelease', 'utf8').catch(() => '');
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? 'processor unknown';
  const kernel = /^\d+\.\d+/.exec(release)?.[0];
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  const system = kernel === undefined ? process.platform : `Linux ${kernel}`;
  return `${cores.length} cores (${model}), ${memory}, ${system}, Node ${process.versions.node}`;
}

function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = Math.abs(value) >= 1_000 ? 0 : Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ' ');
}

function promised({ target, unit }: Row): string {
  if (target === null) return '';
  return 'most' in target ? `≤ ${target.most} ${unit}` : `≥ ${target.least} ${unit}`;
}

function verdict(row: Row): string {
  const kept = met(row);
  return kept === null ? '' : kept ? 'met' : 'missed';
}

export function table({ benches }: Results): string {
  const lines = Object.entries(benches).flatMap(([name, record]) => [
    ...record.rows.map((row) => [
      name,
      row.name,
      `${shown(row.value)} ${row.unit}`,
      promised(row),
      verdict(row),
      `${row.samples}`,
      row.note,
    ]),
    ...(record.failed === undefined ? [] : [[name, `failed: ${record.failed}`, '', '', '', '', '']]),
  ]);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(0, ...lines.map((line) => line[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return lines.map((cells) => `${line(cells)}\n`).join('');
}

const INTRODUCTION = `# Benchmarks

Made by \`npm run bench -- --write\`; do not edit. Each benchmark runs in a process of its own. Where Gluon is compared with doing without
it, both are measured in turns in the same run and compared pair by pair, so that what slows the machine slows both.
`;

const NOISE = `Figures of one machine on one day: the machine is shared, so a median may move by a tenth from run to run and a p99 by half. Of fewer
than 100 samples the p99 is the largest. Nothing in the test suite fails for a time that was measured.
`;

/** `before`: the page as it is; of a benchmark that was not run since, its section stays. */
export function page(results: Results, order: readonly string[], before: string): string {
  const known = new Map(before.split(/^(?=## )/m).map((text) => [/^## (\S+)/.exec(text)?.[1], `${text.trimEnd()}\n`]));
  const parts = order.flatMap((name) => {
    const record = results.benches[name];
    return record === undefined ? (known.get(name) ?? []) : [section(name, record)];
  });
  return `${INTRODUCTION}\nMeasured on: ${results.machine}.\n\n${NOISE}\n${parts.join('\n')}`;
}

function section(name: string, record: BenchRecord): string {
  const facts = `${record.at.slice(0, 10)}, load ${record.load} at its start${record.quick ? ', **few rounds only**' : ''}`;
  const cells = (values: string[]) => `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
  const rows = record.rows.map((row) =>
    cells([row.name, `${shown(row.value)} ${row.unit}`, promised(row), verdict(row), `${row.samples}`, row.note]),
  );
  const head = [cells(['figure', 'value', 'target', '', 'samples', 'note']), '|---|---:|---:|---|---:|---|'];
  const failed = record.failed === undefined ? [] : ['', `It failed: ${record.failed}.`];
  return [`## ${name}`, '', `\`npm run bench -- ${name}\` (${facts})`, '', ...head, ...rows, ...failed, ''].join('\n');
}

/**
 * `npm run bench [-- NAME …] [--quick] [--write]`: every benchmark in a process of its own, one after the other; one table; the figures
 * in bench-results/latest.json, where those of earlier runs of other benchmarks stay. `--write` puts them into docs/benchmarks.md.
 */
import { fork } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BENCHES } from './benches.ts';
import { type BenchRecord, machine, page, type Results, table } from './report.ts';
import type { Row } from './row.ts';

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const LATEST = place('bench-results/latest.json');

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const wanted = words.filter((word) => !word.startsWith('--'));
  const quick = words.includes('--quick');
  const unknown = [...wanted.filter((name) => !BENCHES.has(name)), ...words.filter((word) => /^--(?!quick$|write$)/.test(word))];
  if (unknown.length > 0) {
    process.stderr.write(`Unknown: ${unknown.join(', ')}. There are ${[...BENCHES.keys()].join(', ')}, --quick and --write.\n`);
    process.exitCode = 2;
    return;
  }
  const results = await earlier();
  for (const name of BENCHES.keys()) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    const record = await measured(name, quick);
    if ('failed' in record) process.exitCode = 1;
    process.stdout.write(table({ ...results, benches: { [name]: record } }));
    results.benches[name] = record;
    await save(results);
  }
  if (!words.includes('--write')) return;
  const path = place('docs/benchmarks.md');
  const before = await readFile(path, 'utf8').catch(() => '');
  await writeFile(path, page(results, [...BENCHES.keys()], before));
}

/** A benchmark that fails does not take the others with it; its record says why. */
async function measured(name: string, quick: boolean): Promise<BenchRecord> {
  const load = Number((await readFile('/proc/loadavg', 'utf8').catch(() => 'NaN')).split(' ')[0]);
  const facts = { at: new Date().toISOString(), quick, load };
  return new Promise((resolve) => {
    const child = fork(place('bench/one.ts'), [name, ...(quick ? ['--quick'] : [])], {
      // The agent's SDK warns of an option that Gluon sets on purpose.
      execArgv: ['--disable-warning=CLAUDE_SDK_CAN_USE_TOOL_SHADOWED'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let rows: Row[] | null = null;
    child.on('message', (message) => {
      rows = message as Row[];
    });
    child.once('close', (code) => resolve(rows === null ? { ...facts, rows: [], failed: `ended with ${code}` } : { ...facts, rows }));
  });
}

async function earlier(): Promise<Results> {
  // No file yet, or one that another version wrote: begin anew.
  const text = await readFile(LATEST, 'utf8').catch(() => '{}');
  const { benches } = JSON.parse(text) as Partial<Results>;
  return { machine: await machine(), benches: benches ?? {} };
}

async function save(results: Results): Promise<void> {
  await mkdir(place('bench-results'), { recursive: true });
  await writeFile(LATEST, `${JSON.stringify(results, null, 1)}\n`);
}

await main();

/** What a person waits for: `gluon runs` as a whole process, and Node doing nothing, in turns. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGluon } from '../test/support/gluon.ts';
import { sampleRepository } from '../test/support/repository.ts';
import { finished } from '../test/support/runs.ts';
import { type BenchSettings, figure, median, type Row, spread, timed } from './row.ts';

const BIN = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'gluon');
const ROUNDS = 100;
const PROMISED_MS = 120;
const run = promisify(execFile);

export async function cli({ quick }: BenchSettings): Promise<Row[]> {
  const gluon = await startGluon();
  try {
    const project = await sampleRepository();
    await gluon.call('projects.add', { name: 'bench', path: project });
    await finished(gluon, 'bench', 'say done');
    const [ours, bare]: [number[], number[]] = [[], []];
    const env = gluon.environment;
    // The first calls fill the compile cache, as the first calls on any machine do.
    for (let round = -3; round < (quick ? 10 : ROUNDS); round += 1) {
      const taken = await timed(() => run(process.execPath, [BIN, 'runs'], { env }));
      const plain = await timed(() => run(process.execPath, ['-e', '0'], { env }));
      if (round < 0) continue;
      ours.push(taken);
      bare.push(plain);
    }
    return [
      ...spread('gluon runs, whole process', 'ms', ours, { median: PROMISED_MS }),
      figure('node -e 0', median(bare), 'ms', bare.length),
      figure(
        'gluon runs ÷ node -e 0',
        median(ours.map((one, index) => one / (bare[index] ?? Number.NaN))),
        '×',
        ours.length,
        null,
        'pair by pair',
      ),
    ];
  } finally {
    await gluon.stop();
  }
}

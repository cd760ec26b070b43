/** What the walls cost: `/bin/true` in a strict sandbox and as an ordinary child, in turns. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { bubblewrapSandbox } from '../src/adapters/sandbox/bubblewrap/sandbox.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { type BenchSettings, pairs, type Row, spread, timed } from './row.ts';

const ROUNDS = 200;
const CAPS = { memoryBytes: 2 * 1024 ** 3, cpuCores: null, pids: 500, fileBytes: 1024 ** 3, diskBytes: 10 * 1024 ** 3 };

export async function sandbox({ quick }: BenchSettings): Promise<Row[]> {
  // Below /tmp the sandbox has a file system of its own; nothing that it mounts may lie there.
  const folder = await mkdtemp(join(homedir(), '.gluon-bench-'));
  const [workingCopy, sessionFolder] = [join(folder, 'copy'), join(folder, 'session')];
  await mkdir(workingCopy);
  await mkdir(sessionFolder);
  const made = bubblewrapSandbox({
    folder: join(folder, 'sandbox'),
    homeId: 'bench',
    rules: { userHome: join(folder, 'nobody'), protectedPaths: [] },
    environment: process.env,
    clock: systemClock(),
  });
  const spec = { level: 'strict' as const, runId: 'bench', workingCopy, sessionFolder, readOnly: [], mounts: [], caps: CAPS };
  const open = () => made.open({ ...spec, gatewaySocket: null, egressSocket: null });
  try {
    const whole: number[] = [];
    for (let round = 0; round < (quick ? 5 : 40); round += 1) {
      whole.push(
        await timed(async () => {
          const one = await open();
          await one.run({ command: '/bin/true', args: [], env: {}, cwd: workingCopy });
          await one.close();
        }),
      );
    }
    const confinement = await open();
    const [strict, bare]: [number[], number[]] = [[], []];
    for (let round = -5; round < (quick ? 20 : ROUNDS); round += 1) {
      const ours = await timed(async () => {
        const end = await confinement.run({ command: '/bin/true', args: [], env: {}, cwd: workingCopy });
        if (end.exitCode !== 0) throw new Error(`it ended with ${end.exitCode}: ${end.stderr}`);
      });
      const plain = await timed(() => plainChild(workingCopy));
      if (round < 0) continue;
      strict.push(ours);
      bare.push(plain);
    }
    await confinement.close();
    return [
      ...pairs('/bin/true in a strict sandbox', 'ms', strict, bare, null),
      ...spread('sandbox opened, used once, closed', 'ms', whole, {}),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function plainChild(cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/true', [], { cwd, stdio: 'pipe' });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

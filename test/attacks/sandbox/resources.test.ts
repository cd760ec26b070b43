/** Taking more than one's share. Control: the same payload without the cap. */
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caps, Sandbox } from '../../../src/ports/sandbox.ts';
import { clock, type Ground, makeGround, NO_CAPS, PYTHON, type Tried, tryShell } from './ground.ts';

const MIB = 1024 ** 2;
let ground: Ground;
let sandbox: Sandbox;
let watched: Sandbox;
let grouped: boolean;

beforeAll(async () => {
  ground = makeGround();
  sandbox = ground.sandbox();
  watched = ground.sandbox({ useControlGroups: false });
  grouped = (await sandbox.report()).capsBy.startsWith('cgroup');
});
afterAll(() => ground.remove());

async function tryCapped(
  caps: Partial<Caps>,
  script: string,
  by = sandbox,
): Promise<Tried & { hit: string | null; copy: string; inForce: string }> {
  const spec = ground.spec('strict', { caps: { ...NO_CAPS, ...caps } });
  const confinement = await by.open(spec);
  try {
    const tried = await tryShell(confinement, spec, script);
    return { ...tried, hit: confinement.exceeded(), copy: spec.workingCopy, inForce: confinement.caps.by };
  } finally {
    await confinement.close(0);
  }
}

const ALLOCATE = `${PYTHON} -c 'x=bytearray(${160 * MIB});print("took",len(x)//${MIB})'`;
const FORK = `${PYTHON} -c 'import os,time\nn=0\nfor i in range(120):\n  try:\n    if os.fork()==0: time.sleep(5);os._exit(0)\n    n+=1\n  except OSError: break\nprint("forked",n)'`;

describe('with control groups', () => {
  it('memory: the hog dies, the cap is named', async (context) => {
    context.skip(!grouped);
    const capped = await tryCapped({ memoryBytes: 96 * MIB }, ALLOCATE);
    expect(capped).toMatchObject({ output: '', exceeded: 'memory', hit: 'memory' });
    expect((await tryCapped({}, ALLOCATE)).output).toBe('took 160\n');
  });

  it('memory: files in scratch folders count', async (context) => {
    context.skip(!grouped);
    const fill =
      'for d in /tmp /dev/shm $HOME /var/tmp; do head -c 60000000 /dev/zero > $d/fill; done; echo filled; du -sm /tmp /dev/shm $HOME /var/tmp | cut -f1 | paste -sd+ | bc';
    expect((await tryCapped({ memoryBytes: 96 * MIB }, fill)).hit).toBe('memory');
    expect((await tryCapped({}, fill)).output).toContain('filled');
  });

  it('processes: the bomb stops', async (context) => {
    context.skip(!grouped);
    const capped = await tryCapped({ pids: 40 }, FORK);
    expect(Number(/forked (\d+)/.exec(capped.output)?.[1] ?? 0)).toBeLessThan(40);
    expect(capped.hit).toBe('pids');
    expect((await tryCapped({}, FORK)).output).toBe('forked 120\n');
  });

  it('processor: no more than its share', async (context) => {
    context.skip(!grouped);
    const burn = `${PYTHON} -c 'import time\nt=time.time()\nwhile time.time()-t<1: pass\nprint(time.process_time())'`;
    expect(Number((await tryCapped({ cpuCores: 0.05 }, burn)).output)).toBeLessThan(0.13);
    expect(Number((await tryCapped({}, burn)).output)).toBeGreaterThan(0.15);
  });
});

describe('without control groups', () => {
  it('memory: the watchdog ends the hog', async () => {
    const hold = ALLOCATE.replace('print(', 'import time;time.sleep(4);print(');
    const capped = await tryCapped({ memoryBytes: 96 * MIB }, hold, watched);
    expect(capped).toMatchObject({ output: '', hit: 'memory', exceeded: 'memory', inForce: 'rlimit' });
    expect((await tryCapped({}, hold.replace('sleep(4)', 'sleep(1)'), watched)).output).toBe('took 160\n');
  });

  it('processes: the bomb is ended', async () => {
    const bomb = `${FORK}; sleep 2; echo over`;
    const capped = await tryCapped({ pids: 40 }, bomb, watched);
    expect(capped.output).not.toContain('over');
    expect(capped.hit).toBe('pids');
    expect((await tryCapped({}, bomb, watched)).output).toContain('forked 120\nover');
  });
});

describe('everywhere', () => {
  it('file size', async () => {
    const write = 'head -c 3000000 /dev/zero > big; echo end';
    const size = (copy: string): number => statSync(`${copy}/big`).size;
    expect(size((await tryCapped({ fileBytes: MIB }, write)).copy)).toBe(MIB);
    expect(size((await tryCapped({}, write)).copy)).toBe(3_000_000);
  });

  it('file size cannot be raised again', async () => {
    const raise = 'ulimit -f unlimited && echo RAISED; prlimit --pid $$ --fsize=unlimited && echo RAISED';
    expect((await tryCapped({ fileBytes: MIB }, raise)).output).not.toContain('RAISED');
    expect((await tryCapped({}, raise)).output).toContain('RAISED');
  });

  it('no memory image is left when something crashes', async () => {
    expect((await tryCapped({}, 'ulimit -c')).output.trim()).toBe('0');
  });

  it('disk: the watchdog ends what fills it', async () => {
    const fill = 'for i in $(seq 40); do head -c 1000000 /dev/urandom > f$i; done; sleep 4; echo over';
    const capped = await tryCapped({ diskBytes: 10 * MIB }, fill);
    expect(capped).toMatchObject({ output: '', exceeded: 'disk', hit: 'disk' });
    expect((await tryCapped({ diskBytes: 200 * MIB }, fill)).output).toBe('over\n');
  }, 20_000);

  it('scratch folders are bounded by themselves', async () => {
    const fill = 'head -c 40000000 /dev/zero > /dev/shm/fill 2>/dev/null && echo FULL';
    const held = await tryCapped({ memoryBytes: 128 * MIB }, fill);
    expect(held.output).toBe('');
    expect(held.hit).toBe(null);
    expect((await tryCapped({ memoryBytes: 512 * MIB }, fill)).output).toBe('FULL\n');
  });

  it('a bomb in one leaves another and the host at work', async () => {
    const [bad, good] = [
      ground.spec('strict', { caps: { ...NO_CAPS, pids: 60, memoryBytes: 200 * MIB, cpuCores: 0.5 } }),
      ground.spec('strict'),
    ];
    const [first, second] = [await sandbox.open(bad), await sandbox.open(good)];
    first.start({ command: '/bin/bash', args: ['-c', 'f() { f | f & }; f; while :; do :; done'], env: {}, cwd: bad.workingCopy });
    await clock.sleep(200);
    const startMs = performance.now();
    expect((await tryShell(second, good, 'echo fine')).output).toBe('fine\n');
    expect(performance.now() - startMs).toBeLessThan(2_000);
    await first.close(0);
    await second.close(0);
  });
});

describe('no sandbox', () => {
  it('without bubblewrap nothing starts, and the report says why', async () => {
    const without = ground.sandbox({ environment: { PATH: ground.victim } });
    await expect(without.open(ground.spec('strict'))).rejects.toMatchObject({ code: 'sandbox_unavailable' });
    await expect(without.open(ground.spec('standard'))).rejects.toMatchObject({ code: 'sandbox_unavailable' });
    expect((await without.report()).levels).toMatchObject({
      strict: { available: false },
      standard: { available: false },
      none: { available: true },
    });
    expect(await without.probe()).toMatchObject([{ status: 'fail' }, { id: 'sandbox.caps' }]);
    const control = await sandbox.open(ground.spec('strict'));
    await control.close(0);
  });

  it('the probe table passes here', async () => {
    const findings = await sandbox.probe();
    expect(findings.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(findings.length).toBeGreaterThan(14);
  });
});

/** Working copies, imports and merges in small and large repositories; making a copy in turns with plain `git worktree add`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorld, type World } from '../src/adapters/git/cli/git.fixture.ts';
import { type BenchSettings, figure, median, pairs, type Row, timed } from './row.ts';

const SIZES = [
  { files: 2_000, rounds: 20, promisedMs: 100 },
  { files: 50_000, rounds: 5, promisedMs: null },
];
const QUICK = [
  { files: 2_000, rounds: 3, promisedMs: 100 },
  { files: 5_000, rounds: 2, promisedMs: null },
];

export async function git({ quick }: BenchSettings): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { files, rounds, promisedMs } of quick ? QUICK : SIZES) {
    const world = makeWorld();
    try {
      fill(world, files);
      const named = (what: string) => `${what}, ${files.toLocaleString('en')} files`;
      const [ours, plain] = await copies(world, rounds);
      rows.push(
        ...pairs(named('working copy'), 'ms', ours, plain, null, 'plain: git worktree add'),
        figure(named('working copy, whole'), median(ours), 'ms', ours.length, promisedMs === null ? null : { most: promisedMs }),
        ...(await lives(world, rounds, named)),
      );
    } finally {
      world.remove();
    }
  }
  return rows;
}

function fill(world: World, files: number): void {
  for (let index = 0; index < files; index += 1) {
    const folder = join(world.project, `part${index % 100}`, `piece${index % 7}`);
    if (index < 700) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `file${index}.ts`), `export const value${index} = ${index};\n`.repeat(40));
  }
  const own = (...args: string[]) => execFileSync('git', ['-c', 'gc.auto=0', ...args], { cwd: world.project });
  own('add', '--all');
  own('-c', 'user.name=Bench', '-c', 'user.email=bench@localhost', 'commit', '--quiet', '--message', 'many');
  own('repack', '-adq');
}

async function copies(world: World, rounds: number): Promise<[ours: number[], plain: number[]]> {
  const [ours, plain]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const spec = world.copySpec(`bench${round}`);
    const steps = [
      async () => void ours.push(await timed(() => world.git.createWorkingCopy(spec))),
      async () => void plain.push(await timed(async () => addWorktree(world, round))),
    ];
    for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
  }
  return [ours, plain];
}

function addWorktree(world: World, round: number): void {
  execFileSync('git', ['worktree', 'add', '-q', join(world.folder, `plain${round}`), '-b', `plain${round}`], { cwd: world.project });
}

/** In every copy one commit and one new file: brought home, again without news, merged, removed. */
async function lives(world: World, rounds: number, named: (what: string) => string): Promise<Row[]> {
  const taken: Record<string, number[]> = { 'import of a commit and a file': [], 'import without news': [], merge: [], removal: [] };
  const note = (what: string, ms: number) => taken[what]?.push(ms);
  for (let round = 0; round < rounds; round += 1) {
    const spec = { ...world.copySpec(`bench${round}`) };
    const since = await world.agent('git rev-parse HEAD', spec.path);
    await world.agent(`echo x >> part${round}/piece${round % 7}/file${round}.ts; git commit -qam c; echo new > new${round}`, spec.path);
    const common = { runId: spec.runId, projectPath: world.project, workingCopy: spec.path, branch: spec.branch, since };
    const limits = { maxBytes: 1e9, maxObjects: 1e6 };
    let head = since;
    const autoCommit = { message: 'left over', exclude: [] };
    note(
      'import of a commit and a file',
      await timed(async () => {
        head = (await world.git.importWork({ ...common, ...limits, autoCommit }, world.confined)).head;
      }),
    );
    note('import without news', await timed(() => world.git.importWork({ ...common, ...limits, autoCommit: null }, world.confined)));
    const merge = { projectPath: world.project, base: 'main', head, message: 'merge', projectName: 'bench' };
    note(
      'merge',
      await timed(async () => {
        const outcome = await world.git.mergeIntoBase(merge);
        if (outcome.kind !== 'merged') throw new Error(`the merge gave ${outcome.kind}`);
      }),
    );
    note('removal', await timed(() => world.git.removeWorkingCopy(world.worktrees, spec.path)));
  }
  return Object.entries(taken).map(([what, values]) =>
    figure(named(what), median(values), 'ms', values.length, null, what === 'merge' ? 'the checkout follows' : ''),
  );
}

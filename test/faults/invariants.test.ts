/** Each invariant must fail on a state that breaks it: broken for real, in files, references, processes and rows. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelCallRow } from '../../src/ports/store.ts';
import { startGluon } from '../support/gluon.ts';
import { git } from '../support/repository.ts';
import { noteWork, type Stage, stage } from './drive.ts';
import { brokenInvariants, costsAgreeWithTheProvider } from './invariants.ts';
import { type Observed, observe } from './observe.ts';
import { allFaultPoints, faultPointsOf } from './points.ts';
import { TOUR } from './tour.ts';

let state: Stage;
let first: string;
let cancelled: string;
/** Undone after each breach. */
const undo: (() => unknown)[] = [];

beforeAll(async () => {
  state = await stage();
  const gluon = await startGluon({ home: state.home });
  for (const step of TOUR.slice(0, 7)) await step.take(gluon, state);
  await noteWork(state);
  await gluon.stop();
  await gluon.model.close();
  first = state.runs.get('first') ?? '';
  cancelled = state.runs.get('cancelled') ?? '';
}, 60_000);
afterAll(() => state.close());

function rows(sql: string, ...values: unknown[]): void {
  const database = new Database(join(state.home, 'gluon.db'));
  database.pragma('foreign_keys = off');
  database.prepare(sql).run(...values);
  database.close();
}

function put(path: string, folder = false): void {
  const full = join(state.home, path);
  if (folder) mkdirSync(full);
  else writeFileSync(full, '');
  undo.push(() => rmSync(full, { recursive: true }));
}

const headOf = (ref: string): Promise<string> => git(state.repository, 'rev-parse', ref);

async function reference(name: string): Promise<void> {
  await git(state.repository, 'update-ref', name, state.ledger.firstCommit);
  undo.push(() => git(state.repository, 'update-ref', '-d', name));
}

async function change(sql: string, back: string): Promise<void> {
  rows(sql);
  undo.push(() => rows(back));
}

const BREACHES: [string, string, () => unknown][] = [
  [
    'I1',
    'a commit that nobody merged is on main',
    async () => {
      const before = await headOf('main');
      await git(state.repository, 'commit', '--quiet', '--allow-empty', '--message', 'by hand');
      undo.push(() => git(state.repository, 'reset', '--quiet', '--hard', before));
    },
  ],
  [
    'I1',
    'the change of another run is on main',
    async () => {
      const before = await headOf('main');
      const fork = state.runs.get('fork') ?? '';
      await git(state.repository, 'merge', '--quiet', '--no-ff', '--message', 'x', `gluon-task/${fork.slice(0, 8)}`);
      undo.push(() => git(state.repository, 'reset', '--quiet', '--hard', before));
    },
  ],
  [
    'I1',
    'main moved and the checkout did not',
    async () => {
      const before = await headOf('main');
      await git(state.repository, 'update-ref', 'refs/heads/main', state.ledger.firstCommit);
      undo.push(() => git(state.repository, 'update-ref', 'refs/heads/main', before));
    },
  ],
  [
    'I2',
    'running, and nothing lives',
    () => change(`update runs set status='running' where id='${first}'`, `update runs set status='completed' where id='${first}'`),
  ],
  [
    'I2',
    'no such state',
    () => change(`update runs set status='lost' where id='${first}'`, `update runs set status='completed' where id='${first}'`),
  ],
  [
    'I2',
    'waiting for nothing',
    () => change(`update runs set status='pending' where id='${first}'`, `update runs set status='completed' where id='${first}'`),
  ],
  [
    'I2',
    'a question that nobody asked',
    () => change(`update runs set pending_questions=1 where id='${first}'`, `update runs set pending_questions=0 where id='${first}'`),
  ],
  [
    'I2',
    'a message that nobody sent',
    () => change(`update runs set queued_messages=1 where id='${first}'`, `update runs set queued_messages=0 where id='${first}'`),
  ],
  [
    'I2',
    'an event is missing',
    () =>
      change(
        `update events set seq=seq+100 where run_id='${first}' and seq=2`,
        `update events set seq=2 where run_id='${first}' and seq=102`,
      ),
  ],
  ['I2', 'a run is gone', () => change(`update runs set id='gone' where id='${first}'`, `update runs set id='${first}' where id='gone'`)],
  [
    'I3',
    'two live attempts',
    () => change(`update attempts set state='live' where run_id='${first}'`, `update attempts set state='ended' where run_id='${first}'`),
  ],
  [
    'I3',
    'a live attempt of an old epoch',
    () =>
      change(
        `update attempts set state='live' where run_id='${first}' and number=1`,
        `update attempts set state='ended' where run_id='${first}' and number=1`,
      ),
  ],
  ['I4', 'a folder half-made', () => put('worktrees/.building-wt-1', true)],
  ['I4', 'a working copy of nobody', () => put('worktrees/wt-deadbeef', true)],
  ['I4', 'a session of nobody', () => put('sessions/deadbeef', true)],
  ['I4', 'a note of a fork', () => put('sessions/deadbeef.unfinished')],
  ['I4', 'a transcript of nobody', () => put('logs/deadbeef', true)],
  ['I4', 'a temporary index', () => put('git/index-1', true)],
  ['I4', 'a temporary file', () => put('config.yml.tmp')],
  ['I4', 'a sandbox of nobody', () => put('sandbox/deadbeef-1', true)],
  ['I4', 'a base of nobody', () => reference('refs/gluon/base/deadbeef')],
  ['I4', 'a landing that never ended', () => reference('refs/gluon/landing/main')],
  ['I4', 'a branch of nobody', () => reference('refs/heads/gluon-task/deadbeef')],
  [
    'I4',
    'a lock of git',
    () => {
      writeFileSync(join(state.repository, '.git', 'config.lock'), '');
      undo.push(() => rmSync(join(state.repository, '.git', 'config.lock')));
    },
  ],
  [
    'I4',
    'a process of an ended run',
    async () => {
      const homeId = createHash('sha256').update(state.home).digest('hex').slice(0, 16);
      const child = spawn('sleep', ['60'], { env: { GLUON_HOME_ID: homeId, GLUON_RUN_ID: first }, stdio: 'ignore' });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await new Promise((resolve) => child.once('spawn', resolve));
      undo.push(() => {
        child.kill('SIGKILL');
        return ended;
      });
    },
  ],
  [
    'I5',
    'uncommitted work is gone',
    () => {
      const path = join(state.home, 'worktrees', `wt-${cancelled.slice(0, 8)}`, 'only-here.txt');
      writeFileSync(path, 'nowhere else');
      const blob = createHash('sha1').update('blob 12\0nowhere else').digest('hex');
      const { work } = state.ledger;
      state.ledger.work = [...work, { path: join(path, '..'), files: [{ path: 'only-here.txt', blob }], commits: [] }];
      rmSync(path);
      undo.push(() => {
        state.ledger.work = work;
      });
    },
  ],
];

describe('the invariants', () => {
  test('hold after a walk', async () => {
    expect(brokenInvariants(await observe(state.home, state.repository, null), state.ledger)).toEqual([]);
  });

  test.each(BREACHES)('%s notices: %s', async (invariant, _what, breach) => {
    await breach();
    const broken = brokenInvariants(await observe(state.home, state.repository, null), state.ledger);
    for (const step of undo.splice(0).reverse()) await step();
    expect(broken.map((sentence) => sentence.slice(0, 2))).toContain(invariant);
    expect(brokenInvariants(await observe(state.home, state.repository, null), state.ledger)).toEqual([]);
  });
});

describe('I6', () => {
  const call = (input: number, output: number, cost: number | null, state: ModelCallRow['state'] = 'settled') =>
    ({ state, input_tokens: input, output_tokens: output, cost_usd: cost }) as ModelCallRow;
  const seen = (calls: ModelCallRow[]) => ({ calls, runs: [] }) as unknown as Observed;
  const served = [
    { input: 10, output: 5 },
    { input: 20, output: 7 },
  ];

  test.each([
    ['nothing when every call is booked', [call(10, 5, 1), call(20, 7, 2)], 0, null],
    ['nothing when a call in flight is booked too high', [call(10, 5, 1), call(20, 900, 2)], 1, null],
    ['a call that is not booked', [call(10, 5, 1)], 0, 'not in our ledger'],
    ['a call that is booked twice', [call(10, 5, 1), call(20, 7, 2), call(20, 7, 2)], 0, 'only in our ledger'],
    ['a call in flight that is free', [call(10, 5, 1), call(20, 7, 2), call(0, 0, 0)], 1, 'counts as free'],
    ['a reservation that nothing will settle', [call(10, 5, 1), call(20, 7, 2), call(0, 0, null, 'reserved')], 0, 'reservation'],
  ] as const)('notices %s', (_what, calls, inFlight, sentence) => {
    const broken = costsAgreeWithTheProvider(seen([...calls]), { complete: served, inFlight });
    if (sentence === null) expect(broken).toEqual([]);
    else expect(broken.join()).toContain(sentence);
  });
});

describe('fault points', () => {
  test('are found wherever they stand in the syntax, and in no text', () => {
    const text =
      "async () => { await deps.fault('a.b'); await context.fault(\n'c.d'); // deps.fault('no.no')\n const s = \"deps.fault('no.no')\" }";
    expect(faultPointsOf('x.ts', text).map((point) => point.name)).toEqual(['a.b', 'c.d']);
    expect(() => faultPointsOf('x.ts', 'deps.fault(name)')).toThrow('plain text');
  });

  test('are named as a plan can name them, each in one place', () => {
    const names = allFaultPoints().map((point) => point.name);
    expect(names.filter((name) => !/^[a-z-]+\.[a-z-]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(45);
  });
});

/** The real program on a real terminal: prompts, Ctrl-C, the live table. The pseudo-terminal is made by `script` of util-linux. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import { fixtureRun, RUN_ID } from '../support/fixture-resources.ts';
import { type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

const PROGRAM = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
const topic = `run:${RUN_ID}`;
const item = {
  question: 'Which colour?',
  header: '',
  multi_select: false,
  free_text: true,
  options: ['Red', 'Green'].map((label) => ({ label, description: '' })),
};

let fixture: Fixture;
let home: string;
let run: Run;
let open: unknown[];
let child: ChildProcess | undefined;
let screen = '';

beforeEach(async () => {
  run = fixtureRun({ status: 'running' });
  open = [{ id: 'q', run_id: RUN_ID, run_title: 'Add a cart', state: 'open', items: [item] }];
  home = await mkdtemp(join(tmpdir(), 'gluon-tty-'));
  fixture = await startFixture({
    'runs.create': () => run,
    'runs.get': () => run,
    'runs.list': () => ({ items: [run], next_cursor: null }),
    'runs.questions': () => ({ items: open }),
    'runs.messages': () => ({ items: [], last_seq: 0, counts: {}, next_after: null, next_before: null }),
    'questions.answer': () => {
      open = [];
      change({ status: 'review', outcome: 'completed' });
      return {};
    },
    'runs.cancel': () => {
      change({ status: 'cancelled', outcome: 'interrupted' });
      return run;
    },
  });
  await writeFile(join(home, 'token'), TOKEN);
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await fixture.close();
  await rm(home, { recursive: true, force: true });
});

function change(changes: Partial<Run>): void {
  run = { ...run, ...changes };
  fixture.bus.publish({ topic, type: 'run_updated', data: { id: RUN_ID, ...changes } });
}

/** Types each key when its text is on the screen; gives the exit code. */
function drive(argv: string, keys: [on: string, key: string][]): Promise<number | null> {
  screen = '';
  const typed = [...keys];
  const environment = {
    PATH: process.env.PATH ?? '',
    TERM: 'xterm',
    GLUON_HOME: home,
    GLUON_PORT: String(fixture.port),
    GLUON_AUTOSTART: '0',
  };
  const started = spawn('script', ['-qefc', `stty cols 100 rows 30; exec '${process.execPath}' '${PROGRAM}' ${argv}`, '/dev/null'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = started;
  let from = 0;
  started.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString();
    const next = typed[0];
    const at = next === undefined ? -1 : screen.indexOf(next[0], from);
    if (next === undefined || at < 0) return;
    from = at + next[0].length;
    typed.shift();
    // A prompt that has just drawn itself listens by the next turn of its loop.
    setTimeout(() => started.stdin.write(next[1]), 150);
  });
  return new Promise((resolve) => started.once('close', resolve));
}

const called = (name: string) => fixture.calls.filter((call) => call.name === name);

describe.skipIf(!hasScript())('on a terminal', () => {
  test('a question is asked and its answer sent', async () => {
    expect(await drive('run shop "do it"', [['In my own words', '\u001b[B\r']])).toBe(0);
    expect(called('questions.answer')[0]?.input.answers).toEqual({ 'Which colour?': ['Green'] });
    expect(screen).toContain('completed');
  });

  test('own words are an answer', async () => {
    expect(
      await drive('run shop "do it"', [
        ['In my own words', '\u001b[A\r'],
        ['Which colour?', 'mauve\r'],
      ]),
    ).toBe(0);
    expect(called('questions.answer')[0]?.input.answers).toEqual({ 'Which colour?': ['mauve'] });
  });

  test('Ctrl-C offers to stop; staying asks the question again', async () => {
    const keys: [string, string][] = [
      ['In my own words', '\u0003'],
      ['Stay with it', '\u001b[A\r'],
      ['In my own words', '\u0003'],
      ['Stay with it', '\u001b[B\r'],
    ];
    expect(await drive('run shop "do it"', keys)).toBe(130);
    expect(called('runs.cancel')).toHaveLength(1);
    expect(called('questions.answer')).toHaveLength(0);
  });

  test('the second Ctrl-C detaches at once', async () => {
    open = [];
    expect(
      await drive('run shop "do it"', [
        ['running', '\u0003'],
        ['Stay with it', '\u0003'],
      ]),
    ).toBe(130);
    expect(called('runs.cancel')).toHaveLength(0);
    expect(screen).toContain('gluon attach 01234567');
  });

  test('watch draws the table, and q gives the terminal back', async () => {
    expect(await drive('watch', [['q quit', 'q']])).toBe(0);
    expect(screen).toContain('Add a cart');
    expect(screen.trimEnd().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
  });

  test('removing asks first', async () => {
    expect(await drive('project remove shop', [['Yes', 'y']])).toBe(0);
    expect(called('projects.remove')).toHaveLength(1);
    expect(await drive('project remove shop', [['Yes', 'n']])).toBe(2);
    expect(called('projects.remove')).toHaveLength(1);
  });
});

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    // Not on this machine: the program's parts are tested without a terminal in any case.
    return false;
  }
}

/** Staying with a run over the real HTTP and WebSocket door: every record once and in order, whatever the connection does. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Question, Run } from '../../src/contract/resources.ts';
import { type TestCli, type TestCliOptions, testCli } from '../support/cli-io.ts';
import { fixtureRun, RUN_ID } from '../support/fixture-resources.ts';
import { type Answers, type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

const topic = `run:${RUN_ID}`;

/** A run with a transcript that grows, as the server would show it. */
class LiveRun {
  run: Run = fixtureRun({ status: 'running', commit_count: 0, files_changed: 0 });
  readonly records: Record<string, unknown>[] = [];
  questions: Question[] = [];

  answers(): Answers {
    return {
      'runs.get': () => this.run,
      'runs.create': () => this.run,
      'runs.questions': () => ({ items: this.questions }),
      'runs.messages': ({ after, limit }: { after?: number; limit: number }) => ({
        items: after === undefined ? this.records.slice(-limit) : this.records.slice(after, after + limit),
        last_seq: this.records.length,
        counts: {},
        next_after: null,
        next_before: null,
      }),
      'runs.cancel': () => {
        this.end('cancelled', 'interrupted');
        return this.run;
      },
    };
  }

  add(fields: Record<string, unknown>, publish = true): void {
    const record = { seq: this.records.length + 1, at: '2026-01-01T00:00:00.000Z', attempt: 1, parent: null, ...fields };
    this.records.push(record);
    if (publish) fixture.bus.publish({ topic, type: 'message', data: record });
  }

  change(changes: Partial<Run>): void {
    this.run = { ...this.run, ...changes };
    fixture.bus.publish({ topic, type: 'run_updated', data: { id: RUN_ID, ...changes } });
  }

  end(status: Run['status'], outcome: Run['outcome']): void {
    this.change({ status, outcome, ended_at: '2026-01-01T00:01:00.000Z' });
  }

  delta(text: string, block = 'b'): void {
    fixture.bus.publish({ topic, type: 'message_delta', data: { attempt: 1, block, text } });
  }
}

let fixture: Fixture;
let cli: TestCli;
let live: LiveRun;
const watched = () => vi.waitFor(() => expect(fixture.calls.some((call) => call.name === 'runs.questions')).toBe(true), { timeout: 5_000 });

async function start(options: TestCliOptions = {}, port?: number): Promise<void> {
  live = new LiveRun();
  fixture = await startFixture(live.answers(), port === undefined ? {} : { port });
  cli = await testCli({ port: fixture.port, token: TOKEN, ...options });
}

afterEach(async () => {
  await fixture.close();
  await cli.close();
});

const text = (value: string) => ({ type: 'text', text: value });

describe('gluon run in the foreground', () => {
  test('shows the transcript, folds tools into one line, ends with outcome and next steps: 0', async () => {
    await start();
    const done = cli.run('run', 'shop', 'do it');
    await watched();
    live.add(text('Working.'));
    live.add({ type: 'tool_use', id: 't', name: 'Bash', summary: 'npm test', input: {} });
    live.add({ type: 'tool_result', id: 't', name: 'Bash', ok: true, output: 'fine', at: '2026-01-01T00:00:01.200Z' });
    live.add(text('All green.'));
    live.add({ type: 'result', ok: true, text: 'All green.' });
    live.change({ commit_count: 1, files_changed: 2, insertions: 3, deletions: 1 });
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(cli.out()).toContain('Working.\n● Bash npm test … ok 1.2s\nAll green.\n\n✓ 01234567 completed (review)\n');
    expect(cli.out()).toContain('1 commit, 2 files +3 -1');
    expect(cli.out()).toContain('gluon diff 01234567');
    expect(cli.out().match(/All green/g)).toHaveLength(1);
  });

  test('any other outcome is 1, and says why', async () => {
    await start();
    const done = cli.run('run', 'shop', 'do it');
    await watched();
    live.change({ outcome_detail: 'The money is spent.' });
    live.end('review', 'limit_budget');
    expect(await done).toBe(1);
    expect(cli.out()).toContain('limit_budget (review) – The money is spent.');
  });

  test('records that were written before and between are not lost, and none comes twice', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) live.add(text(`before ${n}.`), false);
    const done = cli.run('attach', RUN_ID.slice(0, 8));
    await watched();
    live.add(text('unheard.'), false);
    live.add(text('heard.'));
    await vi.waitFor(() => expect(cli.out()).toContain('unheard.\nheard.\n'));
    fixture.bus.publish({ topic, type: 'message', data: live.records[1] });
    live.add(text('last, and never announced.'), false);
    live.end('review', 'completed');
    expect(await done).toBe(0);
    const lines = cli
      .out()
      .split('\n')
      .filter((line) => line.endsWith('.'));
    expect(lines).toEqual(['before 1.', 'before 2.', 'before 3.', 'unheard.', 'heard.', 'last, and never announced.']);
  });

  test('a connection that is cut and a server that comes back change nothing', async () => {
    await start();
    const done = cli.run('attach', RUN_ID);
    await watched();
    for (let n = 1; n <= 5; n += 1) live.add(text(`one ${n}.`));
    await vi.waitFor(() => expect(cli.out()).toContain('one 5.'));
    const { port } = fixture;
    await fixture.close();
    for (let n = 1; n <= 5; n += 1)
      live.records.push({ seq: 5 + n, at: '2026-01-01T00:00:00.000Z', attempt: 1, parent: null, ...text(`two ${n}.`) });
    fixture = await startFixture(live.answers(), { port });
    await watched();
    live.add(text('three.'));
    live.end('review', 'completed');
    expect(await done).toBe(0);
    const lines = cli
      .out()
      .split('\n')
      .filter((line) => line.endsWith('.'));
    expect(lines).toEqual([...[1, 2, 3, 4, 5].map((n) => `one ${n}.`), ...[1, 2, 3, 4, 5].map((n) => `two ${n}.`), 'three.']);
  });

  test('a flood that is cut to resync is read again', async () => {
    await start();
    const done = cli.run('logs', '-f', RUN_ID, '--json');
    await watched();
    const long = 'x'.repeat(4_000);
    for (let n = 1; n <= 400; n += 1) live.add(text(`${n} ${long}`));
    live.end('review', 'completed');
    expect(await done).toBe(0);
    const seqs = cli
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq);
    expect(seqs).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  });

  test('--json prints the run at its end, -q the final text', async () => {
    await start();
    let done = cli.run('run', 'shop', 'x', '--json');
    await watched();
    live.add(text('Thinking aloud.'));
    live.add({ type: 'result', ok: true, text: 'The answer.' });
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(JSON.parse(cli.out())).toMatchObject({ id: RUN_ID, status: 'review', outcome: 'completed' });
    cli.clear();
    done = cli.run('attach', RUN_ID, '-q');
    expect(await done).toBe(0);
    expect(cli.out()).toBe('The answer.\n');
  });

  test('-f -n starts with the last records and goes on', async () => {
    await start();
    for (let n = 1; n <= 5; n += 1) live.add(text(`old ${n}.`), false);
    const done = cli.run('logs', '-f', '-n', '2', RUN_ID);
    await watched();
    live.add(text('new.'));
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(cli.out()).toBe('old 4.\nold 5.\nnew.\n');
  });
});

describe('on a terminal', () => {
  test('text appears as it is written, and its record does not repeat it', async () => {
    await start({ terminal: true, environment: { NO_COLOR: '1' } });
    live.run = { ...live.run, status: 'pending' };
    const done = cli.run('attach', RUN_ID);
    await watched();
    live.delta('Hel');
    live.delta('lo \u001b[31mred');
    await vi.waitFor(() => expect(cli.out()).toContain('Hello red'));
    live.add(text('Hello \u001b[31mred and more.'));
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(cli.out().match(/Hel/g)).toHaveLength(1);
    expect(cli.out()).toContain('Hello red and more.\n');
  });

  test('a block that was heard from its middle is not shown until it is whole', async () => {
    await start({ terminal: true, environment: { NO_COLOR: '1' } });
    const done = cli.run('attach', RUN_ID);
    await watched();
    live.delta('ddle of');
    live.add(text('The middle of it.'));
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(cli.out()).toContain('The middle of it.\n');
    expect(cli.out().match(/ddle of/g)).toHaveLength(1);
  });

  test('cost ticks in one line that is redrawn', async () => {
    await start({ terminal: true, environment: { NO_COLOR: '1' } });
    const done = cli.run('attach', RUN_ID);
    await watched();
    live.change({ cost_usd: 1.25, model_calls: 9 });
    await vi.waitFor(() => expect(cli.out()).toMatch(/running .* · \$1\.25 · 9 calls/));
    expect(cli.out()).toContain('\r\u001b[2Krunning');
    live.end('review', 'completed');
    await done;
  });
});

describe('Ctrl-C', () => {
  test('where nobody can choose, the run is stopped: 130', async () => {
    await start();
    const done = cli.run('run', 'shop', 'x');
    await watched();
    cli.interrupt();
    expect(await done).toBe(130);
    expect(fixture.calls.some((call) => call.name === 'runs.cancel')).toBe(true);
    expect(cli.out()).toContain('cancelled');
  });

  test('attach only looks: it leaves the run alone', async () => {
    await start();
    const done = cli.run('attach', RUN_ID);
    await watched();
    cli.interrupt();
    expect(await done).toBe(130);
    expect(fixture.calls.some((call) => call.name === 'runs.cancel')).toBe(false);
    expect(cli.err()).toContain('gluon attach 01234567');
  });
});

describe('questions', () => {
  test('where nobody can type, the question and how to answer are told once', async () => {
    await start();
    const done = cli.run('run', 'shop', 'x');
    await watched();
    const item = { question: 'Which?', header: '', multi_select: false, free_text: false, options: [{ label: 'A', description: 'first' }] };
    live.questions = [
      {
        id: 'q',
        run_id: RUN_ID,
        project: 'shop',
        run_title: 't',
        state: 'open',
        items: [item],
        answers: null,
        answered_by: null,
        asked_at: '',
        expires_at: '',
        answered_at: null,
      },
    ];
    fixture.bus.publish({ topic, type: 'pending_questions', data: live.questions[0] });
    fixture.bus.publish({ topic, type: 'pending_questions', data: live.questions[0] });
    await vi.waitFor(() => expect(cli.err()).toContain('gluon answer 01234567'));
    live.questions = [];
    live.end('review', 'completed');
    expect(await done).toBe(0);
    expect(cli.err()).toBe('? Which?\n    1. A – first\nAnswer with: gluon answer 01234567 1\n');
  });
});

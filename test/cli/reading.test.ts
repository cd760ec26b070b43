/** What is read in windows, and what is answered, against the real HTTP door. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestCli, testCli } from '../support/cli-io.ts';
import { fixtureRun, RUN_ID } from '../support/fixture-resources.ts';
import { type Answers, type Fixture, startFixture, TOKEN } from '../support/http-server.ts';

let fixture: Fixture;
let cli: TestCli;

async function start(answers: Answers): Promise<void> {
  fixture = await startFixture(answers);
  cli = await testCli({ port: fixture.port, token: TOKEN });
}

beforeEach(() => start({}));
afterEach(async () => {
  await fixture.close();
  await cli.close();
});

async function restart(answers: Answers): Promise<void> {
  await fixture.close();
  await cli.close();
  await start(answers);
}

const lastCall = () => fixture.calls.at(-1);

describe('windows', () => {
  test('a diff in several windows is one, and --raw keeps every byte', async () => {
    const parts = ['diff --git a/x b/x\n', '+one\u0007\r\n', '-two\n'];
    await restart({
      'runs.diff': ({ offset }: { offset: number }) => ({
        from: 'a',
        to: 'b',
        text: parts[offset],
        offset,
        lines: 1,
        total_lines: 3,
        next_offset: offset < 2 ? offset + 1 : null,
      }),
    });
    expect(await cli.run('diff', 'ab', '--raw')).toBe(0);
    expect(cli.out()).toBe(parts.join(''));
    cli.clear();
    await cli.run('diff', 'ab', '--json');
    expect(JSON.parse(cli.out())).toMatchObject({ text: parts.join(''), lines: 3, next_offset: null });
  });

  const records = Array.from({ length: 25 }, (_, index) => ({
    seq: index + 1,
    at: '2026-01-01T00:00:00.000Z',
    attempt: 1,
    type: index % 5 === 0 ? 'error' : 'text',
    text: `r${index + 1}`,
  }));
  const messages = (input: { after?: number; before?: number; limit: number }) => {
    const limit = Math.min(input.limit, 4);
    const items =
      input.after === undefined
        ? records.filter((record) => record.seq < (input.before ?? 1e9)).slice(-limit)
        : records.slice(input.after).slice(0, limit);
    return { items, last_seq: 25, counts: {}, next_after: null, next_before: null };
  };

  test('logs read a long transcript to its end', async () => {
    await restart({ 'runs.get': () => fixtureRun(), 'runs.messages': messages });
    await cli.run('logs', 'ab', '--stream', 'messages', '--json');
    expect(JSON.parse(cli.out()).map((record: { seq: number }) => record.seq)).toEqual(records.map((record) => record.seq));
  });

  test('logs -n counts what the filter lets through', async () => {
    await restart({ 'runs.get': () => fixtureRun(), 'runs.messages': messages });
    await cli.run('logs', 'ab', '-n', '3', '--errors');
    expect(cli.out()).toBe('✗ r11\n✗ r16\n✗ r21\n');
  });

  test('logs --record shows one whole record, and nothing in it steers the terminal', async () => {
    const asked: number[] = [];
    const text = `\u001b[2J\u009b${'x'.repeat(300_000)}`;
    await restart({
      'runs.message': ({ seq }: { seq: number }) => {
        asked.push(seq);
        return { ...records[0], seq, text };
      },
    });
    await cli.run('logs', 'ab', '--record', '7');
    expect(asked).toEqual([7]);
    for (const control of ['\u001b', '\u009b']) expect(cli.out()).not.toContain(control);
    expect(JSON.parse(cli.out())).toEqual({ ...records[0], seq: 7, text });
  });

  test('an empty transcript is an empty array', async () => {
    await restart({
      'runs.get': () => fixtureRun(),
      'runs.messages': () => ({ items: [], last_seq: 0, counts: {}, next_after: null, next_before: null }),
    });
    await cli.run('logs', 'ab', '--json');
    expect(JSON.parse(cli.out())).toEqual([]);
  });
});

describe('answers', () => {
  const item = (question: string, multi_select = false) => ({
    question,
    header: '',
    multi_select,
    free_text: true,
    options: ['Red', 'Green', 'Blue'].map((label) => ({ label, description: '' })),
  });
  const question = { id: 'q1', run_id: RUN_ID, state: 'open', items: [item('Which colour?'), item('Which others?', true)] };
  const answers: Answers = { 'runs.questions': () => ({ items: [question] }), 'questions.answer': () => question };

  test.each([
    [['2', '1,3'], { 'Which colour?': ['Green'], 'Which others?': ['Red', 'Blue'] }],
    [['mauve', 'red'], { 'Which colour?': ['mauve'], 'Which others?': ['red'] }],
    [
      ['--answer', 'Which colour?=blue', '--answer', '2=1', '--answer', '2=Green'],
      { 'Which colour?': ['blue'], 'Which others?': ['Red', 'Green'] },
    ],
  ])('%j', async (argv, expected) => {
    await restart(answers);
    expect(await cli.run('answer', 'ab', ...argv)).toBe(0);
    expect(lastCall()).toMatchObject({ name: 'questions.answer', input: { question: 'q1', answers: expected } });
  });

  test('too many, and none where nobody can be asked, are wrong use', async () => {
    await restart(answers);
    expect(await cli.run('answer', 'ab', '1', '2', '3')).toBe(2);
    expect(await cli.run('answer', 'ab')).toBe(2);
    expect(fixture.calls.some((call) => call.name === 'questions.answer')).toBe(false);
  });

  test('nothing open is not found', async () => {
    await restart({ 'runs.questions': () => ({ items: [] }) });
    expect(await cli.run('answer', 'ab', '1')).toBe(3);
  });
});

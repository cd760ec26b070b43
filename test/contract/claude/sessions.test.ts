/** The real program: sessions, subagents, tools and what it tells about itself. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startScriptedModel } from '../../../scripted-model/server.ts';
import type { AgentSpec } from '../../../src/ports/agent.ts';
import { type Lab, of, openLab, type Played, play, RUN_TOKEN, say, textOf } from '../support/agent-lab.ts';
import { claudeForTests } from '../support/claude.ts';

const runtime = claudeForTests();
let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(async () => {
  await lab.close();
});

function run(prompt: string, more: Partial<AgentSpec> = {}): Promise<Played> {
  return play(runtime, lab.spec(prompt, more));
}

describe('sessions', () => {
  it('goes on after it was killed in the middle of a tool', async () => {
    const spec = lab.spec('SCENARIO:busy');
    await play(runtime, spec, {
      on: (event) => {
        // A moment later: the program saves its session some milliseconds after it spoke.
        if (event.type === 'tool_started') setTimeout(() => lab.confinement.started[0]?.child.kill('SIGKILL'), 500);
      },
    });
    await lab.confinement.close(0);
    const { done } = await run('SCENARIO:edit{"file":"after.txt"}', { sessionId: spec.sessionId, session: { kind: 'resume' } });
    expect(done.outcome).toBe('completed');
    expect(lab.read('after.txt')).not.toBeNull();
    expect(JSON.stringify(lab.model.requests.at(-1)?.body)).toContain('SCENARIO:busy');
  });

  it('can be resumed after a question that nobody answered', async () => {
    const spec = lab.spec('SCENARIO:question');
    await play(runtime, spec, {
      on: (event, agent) => {
        if (event.type === 'ask') void agent.stop(1_000);
      },
    });
    const { done } = await run('SCENARIO:echo The answer is SQLite', { sessionId: spec.sessionId, session: { kind: 'resume' } });
    expect(done).toMatchObject({ outcome: 'completed', text: 'You said: SCENARIO:echo The answer is SQLite' });
  });

  it('asks two questions at once', async () => {
    const { events } = await play(runtime, lab.spec('SCENARIO:question_two'), {
      on: (event, agent) => {
        if (event.type === 'ask') agent.answer(event.requestId, { 'Which database?': ['PostgreSQL'], 'Which features?': ['Export'] });
      },
    });
    expect(of(events, 'ask')[0]?.items).toHaveLength(2);
    expect(textOf(events)).toContain('PostgreSQL');
    expect(textOf(events)).toContain('Export');
  });

  it('works through a Unix socket, with the run token', async () => {
    const socketPath = `${lab.root}/model.sock`;
    const model = await startScriptedModel({ socketPath });
    try {
      const { done } = await run('SCENARIO:say{"text":"through the socket"}', { model_access: { socket: socketPath } });
      expect(done.text).toBe('through the socket');
      expect(model.requests[0]?.credential).toEqual({ header: 'x-api-key', value: RUN_TOKEN });
      expect(lab.model.requests).toHaveLength(0);
    } finally {
      await model.close();
    }
  });

  it('says its session to the gateway with every call', async () => {
    const spec = lab.spec('SCENARIO:edit');
    await play(runtime, spec);
    expect(new Set(lab.model.requests.map((request) => request.sessionId))).toEqual(new Set([spec.sessionId]));
  });

  it('uses another model when it is resumed with one', async () => {
    const spec = lab.spec('SCENARIO:say');
    await play(runtime, spec);
    await run('SCENARIO:say', { sessionId: spec.sessionId, session: { kind: 'resume' }, model: 'claude-opus-5-5' });
    expect(lab.model.requests.map((request) => request.model)).toEqual(['claude-sonnet-5', 'claude-opus-5-5']);
  });

  it('passes the effort on', async () => {
    await run('SCENARIO:say', { effort: 'low' });
    expect(lab.model.requests[0]?.effort).toBe('low');
  });

  it('plans, and after approval edits in the same session', async () => {
    const spec = lab.spec('SCENARIO:plan', { mode: 'plan' });
    const planned = await play(runtime, spec);
    expect(planned.done.plan).toBe('1. Look around.\n2. Write hello.txt.\n3. Commit.');
    const { done } = await run('SCENARIO:edit{"file":"hello.txt"}', { sessionId: spec.sessionId, session: { kind: 'resume' } });
    expect(done.outcome).toBe('completed');
    expect(lab.read('hello.txt')).not.toBeNull();
  });

  it.each(['input', 'text'])('takes a plan given by %s', async (by) => {
    const { done } = await run(`SCENARIO:plan{"by":"${by}","plan":"1. Only this."}`, { mode: 'plan' });
    expect(done).toMatchObject({ outcome: 'completed', plan: '1. Only this.' });
  });
});

describe('subagents', () => {
  it('shows the work of one in the foreground under its tool call', async () => {
    const { events, done } = await run('SCENARIO:subagent');
    const call = of(events, 'tool_started').find((event) => event.name === 'Agent')?.id;
    expect(of(events, 'text').some((event) => event.parent === call)).toBe(true);
    expect(of(events, 'subagent').map((event) => event.state)).toEqual(expect.arrayContaining(['started', 'ended']));
    expect(of(events, 'subagent').every((event) => event.kind === 'general-purpose')).toBe(true);
    expect(lab.read('sub.txt')).not.toBeNull();
    expect(done.text).toBe('The subagent is done.');
  });

  it('runs three side by side', async () => {
    const { events, done } = await run('SCENARIO:subagents');
    expect(of(events, 'subagent').filter((event) => event.state === 'ended')).toHaveLength(3);
    expect(['one.txt', 'two.txt', 'three.txt'].map((file) => lab.read(file) !== null)).toEqual([true, true, true]);
    expect(done.outcome).toBe('completed');
  });

  it('ends the turn only when one in the background is done too', async () => {
    const { events, done } = await run('SCENARIO:subagent_background');
    expect(of(events, 'turn_ended')).toHaveLength(1);
    expect(lab.read('background.txt')).not.toBeNull();
    expect(done.text).toBe('The background agent is done too.');
  });
});

describe('tools and words', () => {
  it('writes, tests, corrects and commits', async () => {
    const { events } = await run('SCENARIO:feature');
    expect(of(events, 'tool_finished').map((event) => event.ok)).toEqual([true, true, false, true, true, true]);
    expect(lab.git('log', '--format=%s', '-1').trim()).toBe('Add greet with a test');
  });

  it('does something sensible with a prompt that names no scenario', async () => {
    const { done } = await run('Please add a page about pears!');
    expect(done.outcome).toBe('completed');
    expect(lab.read('notes/please-add-a-page-about-pears.md')).toContain('pears');
    expect(lab.git('status', '--porcelain')).toBe('');
  });

  it('keeps a todo list', async () => {
    const { events } = await run('SCENARIO:todo');
    expect(of(events, 'todos').at(-1)?.items).toEqual([
      { text: 'Look', status: 'completed' },
      { text: 'Write', status: 'completed' },
    ]);
    expect(of(events, 'tool_finished').every((event) => event.ok)).toBe(true);
  });

  it('shows its thoughts apart from its words', async () => {
    const { events } = await run('SCENARIO:think');
    expect(of(events, 'thinking')[0]?.text).toBe('First I think about it.');
    expect(textOf(events)).toBe('Then I say it.');
  });

  it('runs two tools of one answer', async () => {
    const { events } = await run('SCENARIO:parallel_tools');
    expect(
      of(events, 'tool_finished')
        .map((event) => event.output)
        .sort(),
    ).toEqual(['one', 'two']);
  });

  it('sees an image that it reads', async () => {
    lab.write('image.png', '');
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    (await import('node:fs')).writeFileSync(`${lab.repo}/image.png`, png);
    const { events, done } = await run('SCENARIO:read_image');
    expect(of(events, 'tool_finished')[0]?.images).toHaveLength(1);
    expect(done.text).toBe('The file has 1 image(s).');
  });

  it('tries again when its structured answer does not fit', async () => {
    const schema = { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'] };
    const { done } = await run('SCENARIO:structured_wrong', { schema });
    expect(done).toMatchObject({ outcome: 'completed', structured: { verdict: 'approve' } });
  });

  it('serves a queue of messages in order', async () => {
    const { events } = await play(runtime, lab.spec('SCENARIO:busy{"seconds":1}'), {
      on: (event, agent) => {
        if (event.type !== 'started') return;
        for (const text of ['a', 'b', 'c']) agent.send(say(`SCENARIO:say{"text":"${text}"}`));
      },
    });
    expect(
      of(events, 'turn_ended')
        .map((event) => event.text)
        .slice(1),
    ).toEqual(['a', 'b', 'c']);
  });

  it('tells the usage that the model reported', async () => {
    const { events } = await run('SCENARIO:edit');
    expect(of(events, 'usage').at(-1)?.costUsd).toBeGreaterThan(0);
    expect(lab.model.totals().calls).toBe(3);
  });
});

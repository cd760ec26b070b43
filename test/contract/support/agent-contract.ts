/** What every agent behind the port promises. Each runtime says by which prompts it can be brought to do the thing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentRuntime } from '../../../src/ports/agent.ts';
import { type Lab, of, openLab, play, say, textOf } from './agent-lab.ts';

export interface Phrases {
  commit(file: string): string;
  say(text: string): string;
  /** One question "Which database?" with the option "PostgreSQL"; the agent says the answer afterwards. */
  ask: string;
  /** Several choices to "Which features?": Search, Export, Sharing. */
  askMany: string;
  /** Works for a good while until it is stopped. */
  busy: string;
  plan: string;
  planWord: string;
  writeInPlan: string;
  turns(count: number): string;
  structured: string;
  /** Makes the agent say something that proves that it has its history; `expect` is found in it. */
  recall: string;
  images: string;
  fails: { prompt: string; outcome: string };
}

const SCHEMA = { type: 'object', properties: { verdict: { type: 'string' } }, required: ['verdict'] };
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function agentContract(name: string, runtime: AgentRuntime, phrases: Phrases): void {
  describe(`${name} keeps the promises of an agent`, () => {
    let lab: Lab;
    beforeEach(async () => {
      lab = await openLab();
    });
    afterEach(async () => {
      await lab.close();
    });

    it('edits and commits in the working copy, and ends completed', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.commit('new.txt')));
      expect(done).toMatchObject({ outcome: 'completed', resumable: true });
      expect(lab.read('new.txt')).not.toBeNull();
      expect(lab.git('log', '--format=%s').split('\n')[0]).not.toBe('Begin');
      expect(lab.git('status', '--porcelain')).toBe('');
      const started = of(events, 'tool_started').map((event) => event.id);
      expect(of(events, 'tool_finished').map((event) => event.id)).toEqual(started);
    });

    it('announces the session that we chose, once and first', async () => {
      const spec = lab.spec(phrases.say('hello'));
      const { events } = await play(runtime, spec, { next: [say(phrases.say('again'))] });
      expect(events[0]).toMatchObject({ type: 'started', sessionId: spec.sessionId });
      expect(of(events, 'started')).toHaveLength(1);
    });

    it('streams text before the whole block', async () => {
      const { events } = await play(runtime, lab.spec(phrases.say('hello there')));
      const pieces = of(events, 'text_delta').map((event) => event.text);
      expect(pieces.join('')).toBe('hello there');
      expect(events.findIndex((event) => event.type === 'text_delta')).toBeLessThan(events.findIndex((event) => event.type === 'text'));
    });

    it('takes messages between turns in one process', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.say('one')), {
        next: [say(phrases.say('two')), say(phrases.say('three'))],
      });
      expect(of(events, 'turn_ended').map((event) => event.text)).toEqual(['one', 'two', 'three']);
      expect(lab.confinement.started.filter(({ command }) => !command.command.endsWith('sh'))).toHaveLength(1);
      expect(done.text).toBe('three');
    });

    it('holds a message that comes during a turn until the turn has ended', async () => {
      const { events } = await play(runtime, lab.spec(phrases.commit('first.txt')), {
        on: (event, run) => {
          if (event.type === 'started') run.send(say(phrases.say('queued')));
        },
      });
      expect(of(events, 'turn_ended')).toHaveLength(2);
      expect(of(events, 'turn_ended')[1]?.text).toBe('queued');
      expect(lab.read('first.txt')).not.toBeNull();
    });

    it('asks, waits and goes on with the answer', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.ask), {
        on: (event, run) => {
          if (event.type !== 'ask') return;
          expect(run.answer('nobody-asked', {})).toBe(false);
          expect(run.answer(event.requestId, { 'Which database?': ['PostgreSQL'] })).toBe(true);
          expect(run.answer(event.requestId, { 'Which database?': ['too late'] })).toBe(false);
        },
      });
      expect(of(events, 'ask')[0]?.items[0]).toMatchObject({ question: 'Which database?', multi_select: false, free_text: true });
      expect(textOf(events)).toContain('PostgreSQL');
      expect(done.outcome).toBe('completed');
    });

    it('keeps every label of a multiple choice', async () => {
      const { events } = await play(runtime, lab.spec(phrases.askMany), {
        on: (event, run) => {
          if (event.type === 'ask') run.answer(event.requestId, { 'Which features?': ['Search', 'Sharing'] });
        },
      });
      expect(of(events, 'ask')[0]?.items[0]).toMatchObject({ multi_select: true });
      expect(textOf(events)).toMatch(/Search, ?Sharing/);
    });

    it('takes an answer in own words', async () => {
      const { events } = await play(runtime, lab.spec(phrases.ask), {
        on: (event, run) => {
          if (event.type === 'ask') run.answer(event.requestId, { 'Which database?': ['neither: files "will do"'] });
        },
      });
      expect(textOf(events)).toContain('neither: files "will do"');
    });

    it('withdraws its question when it is stopped, and can be continued', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.ask), {
        on: (event, run) => {
          if (event.type === 'ask') void run.stop(2_000);
        },
      });
      expect(of(events, 'ask')).toHaveLength(1);
      expect(done).toMatchObject({ outcome: 'interrupted', resumable: true });
    });

    it('can be interrupted and told otherwise in the same process', async () => {
      let interrupted = false;
      const { events, done } = await play(runtime, lab.spec(phrases.busy), {
        on: (event, run) => {
          if (event.type === 'tool_started' && !interrupted) setTimeout(() => void run.interrupt(), 200);
          if (event.type === 'tool_started') interrupted = true;
        },
        next: [say(phrases.commit('steered.txt'))],
      });
      expect(of(events, 'turn_ended').map((event) => event.ok)).toEqual([false, true]);
      expect(lab.read('steered.txt')).not.toBeNull();
      expect(done.outcome).toBe('completed');
    });

    it('ends interrupted when nothing follows an interruption', async () => {
      const { done } = await play(runtime, lab.spec(phrases.busy), {
        on: (event, run) => {
          if (event.type === 'tool_started') setTimeout(() => void run.interrupt(), 200);
        },
      });
      expect(done).toMatchObject({ outcome: 'interrupted', resumable: true });
    });

    it('stops when it is told to, within its grace', async () => {
      const begun = performance.now();
      const { done } = await play(runtime, lab.spec(phrases.busy), {
        on: (event, run) => {
          if (event.type === 'tool_started') void run.stop(3_000);
        },
      });
      expect(done).toMatchObject({ outcome: 'interrupted', resumable: true });
      expect(performance.now() - begun).toBeLessThan(8_000);
    });

    it('hands over a plan and changes nothing', async () => {
      const { done } = await play(runtime, lab.spec(phrases.plan, { mode: 'plan' }));
      expect(done).toMatchObject({ outcome: 'completed', resumable: true });
      expect(done.plan).toContain(phrases.planWord);
      expect(lab.git('status', '--porcelain')).toBe('');
    });

    it('may not write in plan mode', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.writeInPlan, { mode: 'plan' }));
      expect(of(events, 'tool_finished')[0]?.ok).toBe(false);
      expect(done.outcome).toBe('completed');
      expect(lab.git('status', '--porcelain')).toBe('');
    });

    it('keeps to its cap on turns', async () => {
      const { done } = await play(runtime, lab.spec(phrases.turns(5), { maxTurns: 2 }));
      expect(done).toMatchObject({ outcome: 'limit_turns', resumable: true });
    });

    it('gives a structured answer', async () => {
      const { done } = await play(runtime, lab.spec(phrases.structured, { schema: SCHEMA }));
      expect(done).toMatchObject({ outcome: 'completed', structured: { verdict: 'approve' } });
    });

    it('sees images', async () => {
      const spec = lab.spec(phrases.images);
      const { done } = await play(runtime, { ...spec, first: { ...spec.first, images: [{ mediaType: 'image/png', base64: PNG }] } });
      expect(done.text).toBe('I see 1 image(s).');
    });

    it('continues its session in a new process', async () => {
      const first = lab.spec(phrases.say('remember the blue door'));
      await play(runtime, first);
      const { events, done } = await play(runtime, lab.spec(phrases.recall, { sessionId: first.sessionId, session: { kind: 'resume' } }));
      expect(of(events, 'started')[0]?.sessionId).toBe(first.sessionId);
      expect(done.text).toContain('blue door');
    });

    it('forks a session under a new id that we chose, and leaves the old one as it was', async () => {
      const first = lab.spec(phrases.say('remember the blue door'));
      await play(runtime, first);
      const fork = lab.spec(phrases.recall, { session: { kind: 'fork', from: first.sessionId } });
      const { events, done } = await play(runtime, fork);
      expect(of(events, 'started')[0]?.sessionId).toBe(fork.sessionId);
      expect(done.text).toContain('blue door');
      const again = await play(runtime, lab.spec(phrases.recall, { sessionId: fork.sessionId, session: { kind: 'resume' } }));
      expect(again.done.text).toContain('blue door');
    });

    it('says that a session is gone, and that continuing is no use', async () => {
      const { done } = await play(runtime, lab.spec(phrases.recall, { session: { kind: 'resume' } }));
      expect(done).toMatchObject({ outcome: 'agent_exit', resumable: false });
    });

    it('tells a failure by its name', async () => {
      const { events, done } = await play(runtime, lab.spec(phrases.fails.prompt));
      expect(done.outcome).toBe(phrases.fails.outcome);
      expect(of(events, 'turn_ended').at(-1)?.ok).toBe(false);
    });

    it('tells that its process was killed', async () => {
      const { done } = await play(runtime, lab.spec(phrases.busy), {
        on: (event) => {
          if (event.type === 'tool_started') lab.confinement.started[0]?.child.kill('SIGKILL');
        },
      });
      expect(done).toMatchObject({ outcome: 'agent_exit', exitSignal: 'SIGKILL', resumable: true });
    });

    it('names the cap that killed it', async () => {
      const { done } = await play(runtime, lab.spec(phrases.busy), {
        on: (event) => {
          if (event.type !== 'tool_started') return;
          lab.confinement.pretendExceeded('memory');
          lab.confinement.started[0]?.child.kill('SIGKILL');
        },
      });
      expect(done.outcome).toBe('resource_memory');
    });

    it('keeps two agents apart', async () => {
      const [one, two] = await Promise.all([play(runtime, lab.spec(phrases.say('one'))), play(runtime, lab.spec(phrases.say('two')))]);
      expect([one.done.text, two.done.text]).toEqual(['one', 'two']);
    });
  });
}

/** The real program when the provider or the connection lets it down: each case ends under its own name. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moneyCapSentence } from '../../../src/core/money/refusal-text.ts';
import type { AgentSpec } from '../../../src/ports/agent.ts';
import type { Confinement } from '../../../src/ports/sandbox.ts';
import { type Lab, of, openLab, type Played, play } from '../support/agent-lab.ts';
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

/** As if the run used a subscription: the program then reads the headers of its windows. */
function asSubscriber(confinement: Confinement): Confinement {
  return {
    ...confinement,
    start: (command) => {
      const { ANTHROPIC_API_KEY: token = '', ...env } = command.env;
      return confinement.start({ ...command, env: { ...env, CLAUDE_CODE_OAUTH_TOKEN: token } });
    },
  };
}

describe('limits of the provider', () => {
  it('waits out a short 429 and goes on', async () => {
    const { events, done } = await run('SCENARIO:rate_limit{"times":1}');
    expect(done.outcome).toBe('completed');
    expect(of(events, 'retry')[0]).toMatchObject({ status: 429, cause: 'rate_limit', maxAttempts: 2 });
  });

  it('ends at once with a long 429', async () => {
    const { done } = await run('SCENARIO:rate_limit{"retry_after":3600}');
    expect(done).toMatchObject({ outcome: 'rate_limited', resumable: true });
    expect(lab.model.requests).toHaveLength(1);
  });

  it('gives up a 429 that does not end after two retries', async () => {
    const { done } = await run('SCENARIO:rate_limit{"retry_after":0}');
    expect(done.outcome).toBe('rate_limited');
    expect(lab.model.requests).toHaveLength(3);
  });

  it('knows when the window of a subscription opens again', async () => {
    const resetsAt = Math.floor(Date.now() / 1000) + 3_600;
    const { events, done } = await run(`SCENARIO:unified_limit{"resets_at":${resetsAt}}`, { confinement: asSubscriber(lab.confinement) });
    expect(of(events, 'rate_limited').at(-1)).toMatchObject({ rejected: true, untilMs: resetsAt * 1000, kind: 'five_hour' });
    expect(done).toMatchObject({ outcome: 'rate_limited', untilMs: resetsAt * 1000 });
  });

  it('tells that a window is nearly full, and goes on', async () => {
    const { events, done } = await run('SCENARIO:unified_warning', { confinement: asSubscriber(lab.confinement) });
    expect(done.outcome).toBe('completed');
    expect(of(events, 'rate_limited').every((event) => !event.rejected)).toBe(true);
  });

  it('survives an overload that passes', async () => {
    const { events, done } = await run('SCENARIO:overloaded{"times":1}');
    expect(of(events, 'retry')[0]).toMatchObject({ status: 529, cause: 'overloaded' });
    expect(done.outcome).toBe('completed');
  });

  it('parks under an overload that stays', async () => {
    const { done } = await run('SCENARIO:overloaded');
    expect(done).toMatchObject({ outcome: 'rate_limited', resumable: true });
  });

  it('ends with the server error that stays', async () => {
    const { done } = await run('SCENARIO:server_error');
    expect(done).toMatchObject({ outcome: 'agent_exit', resumable: true });
    expect(done.detail).toContain('500');
  });
});

describe('money and credentials', () => {
  it('does not retry a refused credential', async () => {
    const { done } = await run('SCENARIO:unauthenticated');
    expect(done.outcome).toBe('auth');
    expect(lab.model.requests.length).toBeLessThanOrEqual(2);
  });

  it('names an empty account', async () => {
    const { done } = await run('SCENARIO:credit');
    expect(done.outcome).toBe('billing');
  });

  it("takes the gateway's refusal for the money cap, with the session intact", async () => {
    const spec = lab.spec('SCENARIO:money_cap');
    const { done } = await play(runtime, spec);
    expect(done).toMatchObject({ outcome: 'limit_budget', resumable: true });
    expect(done.detail).toBe(moneyCapSentence(1.0012, 1));
    const after = await run('SCENARIO:say{"text":"on again"}', { sessionId: spec.sessionId, session: { kind: 'resume' } });
    expect(after.done.text).toBe('on again');
  });

  it('says that a model does not exist', async () => {
    const { done } = await run('SCENARIO:unknown_model', { model: 'claude-nonsense-1' });
    expect(done.outcome).toBe('agent_exit');
    expect(done.detail).toContain('claude-nonsense-1');
  });
});

describe('the conversation and the model', () => {
  it('ends with context_overflow when the first prompt is too long', async () => {
    expect((await run('SCENARIO:too_long')).done.outcome).toBe('context_overflow');
  });

  it('compacts a conversation that grew too long, and goes on', async () => {
    const { events, done } = await run('SCENARIO:too_long_late');
    expect(of(events, 'compacted')[0]?.tokensBefore).toBeGreaterThan(0);
    expect(done).toMatchObject({ outcome: 'completed', text: 'It worked in the end.' });
  });

  it('names a refusal of the model', async () => {
    expect((await run('SCENARIO:refusal')).done).toMatchObject({ outcome: 'refused', resumable: true });
  });

  it('goes on after an answer that was cut at its length', async () => {
    expect((await run('SCENARIO:max_tokens')).done.outcome).toBe('completed');
  });

  it('gives up answers that are always too long', async () => {
    const { done } = await run('SCENARIO:max_tokens_forever');
    expect(done.outcome).toBe('agent_exit');
    expect(done.detail).toContain('maximum');
  });
});

describe('the connection', () => {
  const impatient = { API_TIMEOUT_MS: '700' };

  it('tries again when the server does not answer', async () => {
    const { events, done } = await run('SCENARIO:hang{"times":1}', { env: impatient });
    expect(of(events, 'retry')[0]?.status).toBeNull();
    expect(done.outcome).toBe('completed');
  });

  it('ends when the server never answers', async () => {
    const { done } = await run('SCENARIO:hang', { env: { ...impatient, CLAUDE_CODE_MAX_RETRIES: '0' } });
    expect(done).toMatchObject({ outcome: 'agent_exit', resumable: true });
  });

  it('tries again when the connection is cut within an answer', async () => {
    const { done } = await run('SCENARIO:cut{"times":1}');
    expect(done).toMatchObject({ outcome: 'completed', text: 'It worked in the end.' });
  });

  it('ends when every connection is cut', async () => {
    const { done } = await run('SCENARIO:cut', { env: { CLAUDE_CODE_MAX_RETRIES: '1' } });
    expect(done).toMatchObject({ outcome: 'agent_exit', resumable: true });
  });

  it('tries again when an answer ends in the middle of an event', async () => {
    const { done } = await run('SCENARIO:truncated{"times":1}');
    expect(done).toMatchObject({ outcome: 'completed', text: 'It worked in the end.' });
  });

  it('is not confused by unknown events', async () => {
    expect((await run('SCENARIO:unknown_events')).done.text).toBe('Known words among unknown events.');
  });

  it('survives events that come twice', async () => {
    expect((await run('SCENARIO:duplicate')).done.outcome).toBe('completed');
  });

  it('survives bytes that are not UTF-8', async () => {
    const { done } = await run('SCENARIO:invalid_utf8');
    expect(done.outcome).toBe('completed');
    expect(done.text).toMatch(/^a.*b$/);
  });

  it('ends when nobody listens at the address of the model', async () => {
    const { done } = await run('SCENARIO:say', { model_access: { url: 'http://127.0.0.1:9' }, env: { CLAUDE_CODE_MAX_RETRIES: '0' } });
    expect(done.outcome).toBe('agent_exit');
  });
});

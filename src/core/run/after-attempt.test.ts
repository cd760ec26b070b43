import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AfterAttemptFacts, decideAfterAttempt, MAX_RECOVERIES, outcomeOfStop, type StopReason } from './after-attempt.ts';
import { OUTCOMES, type Outcome } from './outcome.ts';

const NOW = 1_800_000_000_000;

function facts(
  outcome: Outcome,
  over: Partial<AfterAttemptFacts> & { resumable?: boolean; untilMs?: number | null; sessionGone?: boolean } = {},
): AfterAttemptFacts {
  const { resumable = true, untilMs = null, sessionGone = false, ...rest } = over;
  return {
    end: { outcome, detail: 'x', exitCode: null, exitSignal: null, resumable, sessionGone, untilMs },
    stop: null,
    commits: 0,
    leftovers: 0,
    autoResumes: 0,
    maxAutoResumes: 5,
    resumeAfterLoss: true,
    recoveries: 0,
    nowMs: NOW,
    ...rest,
  };
}

describe('what follows an attempt', () => {
  it('a success leads to review, never straight to completed', () => {
    expect(decideAfterAttempt(facts('completed'))).toEqual({ next: 'review', waiting: null });
  });

  it.each(['completed', 'interrupted', 'limit_turns', 'limit_time', 'agent_silent', 'agent_exit'] as const)(
    'messages left after %s start one resume that counts as asked for',
    (outcome) => {
      expect(decideAfterAttempt(facts(outcome, { leftovers: 2 }))).toMatchObject({ next: 'pending', how: 'leftovers', automatic: false });
    },
  );

  it.each(['limit_turns', 'limit_time', 'limit_iterations', 'circuit_open', 'gate_failed'] as const)('%s goes to review', (outcome) => {
    expect(decideAfterAttempt(facts(outcome))).toEqual({ next: 'review', waiting: null });
  });

  it('messages wait where money has to be decided first, or where there is no session to go on with', () => {
    expect(decideAfterAttempt(facts('limit_budget', { leftovers: 1 })).next).toBe('review');
    expect(decideAfterAttempt(facts('agent_exit', { leftovers: 1, resumable: false, commits: 1 })).next).toBe('review');
  });

  it('the money cap parks the run in review and says so', () => {
    expect(decideAfterAttempt(facts('limit_budget'))).toMatchObject({ next: 'review', waiting: { reason: 'budget' } });
  });

  it.each(['auth', 'billing', 'sandbox_unavailable', 'workspace_failed'] as const)('%s fails, whatever there is', (outcome) => {
    expect(decideAfterAttempt(facts(outcome, { commits: 3 }))).toEqual({ next: 'failed', waiting: null });
  });

  it.each(['refused', 'agent_exit', 'agent_silent', 'resource_memory', 'resource_pids', 'resource_disk'] as const)(
    '%s goes to review when something usable is there, else it fails',
    (outcome) => {
      expect(decideAfterAttempt(facts(outcome, { resumable: true })).next).toBe('review');
      expect(decideAfterAttempt(facts(outcome, { resumable: false, commits: 1 })).next).toBe('review');
      expect(decideAfterAttempt(facts(outcome, { resumable: false })).next).toBe('failed');
    },
  );

  it('a rate limit waits until its reset and then goes on', () => {
    expect(decideAfterAttempt(facts('rate_limited', { untilMs: NOW + 5_000 }))).toMatchObject({
      next: 'pending',
      how: 'continue',
      automatic: true,
      notBeforeMs: NOW + 5_000,
      waiting: { reason: 'limit_reset', untilMs: NOW + 5_000 },
    });
  });

  it('a rate limit without a time waits twice as long each time', () => {
    const pause = (autoResumes: number) => {
      const after = decideAfterAttempt(facts('rate_limited', { autoResumes }));
      return after.next === 'pending' && after.notBeforeMs !== null ? after.notBeforeMs - NOW : null;
    };
    expect([0, 1, 2, 3].map(pause)).toEqual([60_000, 120_000, 240_000, 480_000]);
  });

  it('a reset time that cannot be is not believed', () => {
    const until = (untilMs: number) => {
      const after = decideAfterAttempt(facts('rate_limited', { untilMs }));
      return after.next === 'pending' ? after.notBeforeMs : null;
    };
    expect(until(8e15)).toBe(NOW + 8 * 24 * 3_600_000);
    expect(until(5)).toBe(NOW);
  });

  it('a context overflow recovers twice at most', () => {
    expect(decideAfterAttempt(facts('context_overflow'))).toMatchObject({ next: 'pending', how: 'recover' });
    expect(decideAfterAttempt(facts('context_overflow', { recoveries: MAX_RECOVERIES })).next).toBe('review');
  });

  it('a session that the vendor lost is replaced by a fresh one', () => {
    const gone = { resumable: false, sessionGone: true };
    expect(decideAfterAttempt(facts('agent_exit', gone))).toMatchObject({ next: 'pending', how: 'recover', automatic: true });
    expect(decideAfterAttempt(facts('agent_exit', { ...gone, recoveries: MAX_RECOVERIES })).next).toBe('failed');
  });

  it('a lost attempt goes on by itself unless that is switched off or used up', () => {
    expect(decideAfterAttempt(facts('lost'))).toMatchObject({ next: 'pending', automatic: true });
    expect(decideAfterAttempt(facts('lost', { resumeAfterLoss: false })).next).toBe('review');
    expect(decideAfterAttempt(facts('lost', { autoResumes: 5 })).next).toBe('review');
  });

  it('a stop in good order goes on at the next start without being counted', () => {
    expect(decideAfterAttempt(facts('interrupted', { stop: 'shutdown', autoResumes: 5 }))).toMatchObject({
      next: 'pending',
      automatic: false,
    });
  });

  it('a parked question waits for input, unless an answer came on the way out', () => {
    expect(decideAfterAttempt(facts('interrupted', { stop: 'park', leftovers: 1 }))).toMatchObject({ next: 'pending', how: 'leftovers' });
    expect(decideAfterAttempt(facts('interrupted', { stop: 'park' }))).toMatchObject({
      next: 'review',
      waiting: { reason: 'input' },
    });
  });

  const anyFacts = fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    stop: fc.constantFrom<StopReason | null>(null, 'cancel', 'interrupt', 'park', 'shutdown', 'time', 'silent', 'gone'),
    resumable: fc.boolean(),
    untilMs: fc.option(fc.integer({ min: NOW, max: NOW + 1e9 })),
    commits: fc.nat(5),
    leftovers: fc.nat(3),
    autoResumes: fc.nat(8),
    recoveries: fc.nat(4),
    resumeAfterLoss: fc.boolean(),
  });

  it('a cancelled run is cancelled whatever the agent made of it', () => {
    fc.assert(
      fc.property(anyFacts, ({ outcome, ...rest }) => {
        expect(decideAfterAttempt(facts(outcome, { ...rest, stop: 'cancel' })).next).toBe('cancelled');
      }),
    );
  });

  it('nothing starts again by itself beyond the cap', () => {
    fc.assert(
      fc.property(anyFacts, ({ outcome, ...rest }) => {
        const after = decideAfterAttempt(facts(outcome, { ...rest, autoResumes: 5 + rest.autoResumes }));
        if (after.next === 'pending') expect(after.automatic).toBe(false);
      }),
    );
  });
});

it('our own stops have an outcome', () => {
  expect(outcomeOfStop('time')).toBe('limit_time');
  expect(outcomeOfStop('silent')).toBe('agent_silent');
  expect(outcomeOfStop('gone')).toBe('lost');
  expect(outcomeOfStop('cancel')).toBe('interrupted');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BREAKER_STATES } from '../loop/breaker.ts';
import { OUTCOMES } from '../run/outcome.ts';
import { decideSupervision, SUPERVISION_POLICIES, type SupervisionFacts } from './decide.ts';

const NOW = 1_000_000_000;
/** A run that each policy but manual would resume. */
const facts = (over: Partial<SupervisionFacts> = {}): SupervisionFacts => ({
  enabled: true,
  policy: 'conservative',
  breaker: 'CLOSED',
  proved: false,
  pullRequestClosed: false,
  autoResumes: 0,
  maxAutoResumes: 5,
  costUsd: 1,
  maxCostUsd: 10,
  callsFreeAtMs: null,
  lastResumeMs: null,
  nowMs: NOW,
  resumable: true,
  waitsForInput: false,
  outcome: 'interrupted',
  confidence: null,
  testOnly: 0,
  ...over,
});

describe('supervision', () => {
  const GUARDS: [rule: string, over: Partial<SupervisionFacts>][] = [
    ['off', { enabled: false }],
    ['manual', { policy: 'manual' }],
    ['breaker_open', { breaker: 'OPEN' }],
    ['proved', { proved: true }],
    ['pull_request_closed', { pullRequestClosed: true }],
    ['cap', { autoResumes: 5 }],
    ['cost', { costUsd: 10 }],
    ['calls', { callsFreeAtMs: NOW + 1000 }],
    ['cooldown', { lastResumeMs: NOW - 59_999 }],
    ['no_session', { resumable: false }],
    ['input', { waitsForInput: true }],
  ];

  it.each(GUARDS)('%s stops a conservative one', (rule, over) =>
    expect(decideSupervision(facts(over))).toMatchObject({ resume: false, rule }),
  );
  it.each(GUARDS.filter(([rule]) => rule !== 'manual'))('%s stops an aggressive one', (rule, over) =>
    expect(decideSupervision(facts({ policy: 'aggressive', ...over }))).toMatchObject({ resume: false, rule }),
  );
  it.each(GUARDS.slice(1).map(([rule, over], index) => [GUARDS[index]?.[0] ?? '', rule, { ...over, ...GUARDS[index]?.[1] }] as const))(
    '%s counts before %s',
    (first, _second, over) => expect(decideSupervision(facts(over)).rule).toBe(first),
  );

  it.each<[string, Partial<SupervisionFacts>, string, boolean]>([
    ['aggressive resumes without a reason', { policy: 'aggressive', outcome: 'completed' }, 'aggressive', true],
    ['aggressive resumes in HALF_OPEN', { policy: 'aggressive', breaker: 'HALF_OPEN' }, 'aggressive', true],
    ['conservative does not resume in HALF_OPEN', { breaker: 'HALF_OPEN' }, 'half_open', false],
    ['confidence 39', { outcome: 'completed', confidence: 39 }, 'low_confidence', true],
    ['confidence 40', { outcome: 'completed', confidence: 40 }, 'no_reason', false],
    ['confidence 0', { outcome: 'completed', confidence: 0 }, 'low_confidence', true],
    ['no confidence known', { outcome: 'completed' }, 'no_reason', false],
    ['one test-only iteration', { outcome: 'completed', testOnly: 1 }, 'no_reason', false],
    ['two test-only iterations', { outcome: 'completed', testOnly: 2 }, 'test_only', true],
    ['no outcome', { outcome: null }, 'no_reason', false],
    ['the cap is not reached', { autoResumes: 4 }, 'unfinished', true],
    ['a cap of nothing', { maxAutoResumes: 0 }, 'cap', false],
    ['no money cap', { costUsd: 1e6, maxCostUsd: null }, 'unfinished', true],
    ['an unknown cost under a cap', { costUsd: null }, 'cost', false],
    ['an unknown cost without a cap', { costUsd: null, maxCostUsd: null }, 'unfinished', true],
    ['a limit that is free again', { callsFreeAtMs: NOW }, 'unfinished', true],
    ['60 s after the last resume', { lastResumeMs: NOW - 60_000 }, 'unfinished', true],
  ])('%s', (_name, over, rule, resume) => expect(decideSupervision(facts(over))).toMatchObject({ rule, resume }));

  it.each(OUTCOMES)('conservative after %s', (outcome) => {
    const unfinished = ['limit_iterations', 'limit_turns', 'interrupted', 'lost', 'agent_exit'].includes(outcome);
    expect(decideSupervision(facts({ outcome })).resume).toBe(unfinished);
  });

  it('names when to look again, where time alone helps', () => {
    expect(decideSupervision(facts({ lastResumeMs: NOW - 10_000 })).waitUntilMs).toBe(NOW + 50_000);
    expect(decideSupervision(facts({ callsFreeAtMs: NOW + 7 })).waitUntilMs).toBe(NOW + 7);
    expect(decideSupervision(facts({ proved: true })).waitUntilMs).toBeNull();
  });

  it('warns in HALF_OPEN', () =>
    expect(decideSupervision(facts({ policy: 'aggressive', breaker: 'HALF_OPEN' })).reason).toContain('half open'));

  it('no order of events gives more automatic resumes than the cap', () => {
    const event = fc.record({
      policy: fc.constantFrom(...SUPERVISION_POLICIES),
      breaker: fc.constantFrom(...BREAKER_STATES),
      outcome: fc.constantFrom(...OUTCOMES),
      confidence: fc.option(fc.nat(100)),
      pauseMs: fc.nat(200_000),
      resumable: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.nat(6), (events, maxAutoResumes) => {
        let autoResumes = 0;
        let lastResumeMs: number | null = null;
        let nowMs = NOW;
        for (const { pauseMs, ...over } of events) {
          nowMs += pauseMs;
          const decision = decideSupervision(facts({ ...over, autoResumes, maxAutoResumes, lastResumeMs, nowMs }));
          if (!decision.resume) continue;
          expect(over.breaker).not.toBe('OPEN');
          expect(nowMs - (lastResumeMs ?? 0)).toBeGreaterThanOrEqual(60_000);
          autoResumes += 1;
          lastResumeMs = nowMs;
        }
        expect(autoResumes).toBeLessThanOrEqual(maxAutoResumes);
      }),
    );
  });
});

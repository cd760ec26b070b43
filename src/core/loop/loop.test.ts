import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../run/outcome.ts';
import { readClaims } from './claims.ts';
import { afterGate, afterIteration, type IterationFacts, isTestOnly, type LoopState, NEW_LOOP } from './loop.ts';
import { decideNextIteration } from './next-iteration.ts';
import type { StatusBlock } from './status-block.ts';

const block = (status: StatusBlock['status'], exitSignal = false, recommendation = ''): StatusBlock => ({
  status,
  exitSignal,
  tasksCompleted: null,
  filesModified: null,
  tests: null,
  work: null,
  recommendation,
});
const facts = (over: Partial<IterationFacts> = {}): IterationFacts => ({
  outcome: 'completed',
  block: block('in_progress'),
  claims: readClaims(''),
  todo: null,
  toolCalls: 3,
  testOnly: false,
  changed: true,
  commits: 1,
  changedSinceBase: true,
  error: null,
  permissionDenied: false,
  askedQuestion: false,
  durationMs: 1000,
  hasVerify: false,
  nowMs: 0,
  ...over,
});
const DONE = block('complete', true);

describe('after an iteration', () => {
  it.each<[string, Partial<IterationFacts>, string]>([
    ['more to do', {}, 'go_on'],
    ['complete', { block: DONE }, 'end completed'],
    ['complete, with a verify command', { block: DONE, hasVerify: true }, 'gate'],
    [
      'complete by words, with a verify command',
      { block: null, claims: readClaims('All done. Nothing to do.'), todo: { ticked: 2, total: 2, open: [] }, hasVerify: true },
      'gate',
    ],
    ['blocked', { block: block('blocked') }, 'end completed'],
    ['COMPLETE alone', { block: block('complete') }, 'go_on'],
    ['a claim of a liar who did nothing', { block: DONE, toolCalls: 0, changedSinceBase: false, changed: false, commits: 0 }, 'go_on'],
    ['the agent broke, and had claimed', { outcome: 'agent_exit', block: DONE }, 'go_on'],
    ['the agent broke', { outcome: 'agent_exit', block: null }, 'go_on'],
    ['out of turns', { outcome: 'limit_turns', block: null }, 'go_on'],
    ['out of money', { outcome: 'limit_budget' }, 'end limit_budget'],
    ['interrupted', { outcome: 'interrupted' }, 'end interrupted'],
    ['no login', { outcome: 'auth' }, 'end auth'],
    ['too long', { outcome: 'context_overflow' }, 'end context_overflow'],
  ])('%s', (_name, over, expected) => {
    const { step } = afterIteration(NEW_LOOP, facts(over));
    expect(step.kind === 'end' ? `end ${step.outcome}` : step.kind).toBe(expected);
  });

  it('counts what repeats and forgets it when it ends', () => {
    const idle = facts({ block: null, claims: readClaims('All done.'), changed: false, commits: 0, testOnly: true });
    const once = afterIteration(NEW_LOOP, idle).state;
    expect(once).toMatchObject({ iterations: 1, idleClaims: 1, testOnly: 1, activeMs: 1000 });
    const twice = afterIteration(once, idle);
    expect(twice.state).toMatchObject({ iterations: 2, idleClaims: 2, testOnly: 2, activeMs: 2000 });
    expect(twice.step.kind).toBe('end');
    expect(afterIteration(once, facts()).state).toMatchObject({ idleClaims: 0, testOnly: 0 });
  });

  it('the same failure five times opens the breaker, in spite of commits', () => {
    let state: LoopState = NEW_LOOP;
    for (let index = 0; index < 5; index += 1) state = afterIteration(state, facts({ error: `TypeError at line ${index}` })).state;
    expect(state.breaker.state).toBe('OPEN');
  });

  it('a gate that refuses puts its output into the next prompt; one that passes ends the loop', () => {
    const { state } = afterIteration(NEW_LOOP, facts({ block: DONE, hasVerify: true }));
    const refused = afterGate(state, { passed: false, output: `${'x'.repeat(5000)}the end` });
    expect(refused.step.kind).toBe('go_on');
    expect(refused.state.verifyFailure).toHaveLength(4000);
    expect(refused.state.verifyFailure).toMatch(/the end$/);
    expect(afterIteration(refused.state, facts()).state.verifyFailure).toBeNull();
    expect(afterGate(state, { passed: false, output: '' }).state.verifyFailure).toBe('It printed nothing.');
    expect(afterGate(state, { passed: true, output: '' }).step).toMatchObject({ kind: 'end', outcome: 'completed' });
  });

  it.each<[string, [string, string | null][], boolean]>([
    ['tests alone', [['Bash', 'npm test']], true],
    [
      'tests and looking',
      [
        ['Read', null],
        ['Bash', 'uv run pytest -q'],
        ['Grep', null],
      ],
      true,
    ],
    ['looking alone', [['Read', null]], false],
    ['nothing', [], false],
    [
      'an edit beside tests',
      [
        ['Edit', null],
        ['Bash', 'npm test'],
      ],
      false,
    ],
    [
      'another command beside tests',
      [
        ['Bash', 'rm x'],
        ['Bash', 'cargo test'],
      ],
      false,
    ],
    ['a command that only names tests', [['Bash', 'cat test.txt']], false],
  ])('only tests: %s', (_name, calls, expected) => expect(isTestOnly(calls.map(([name, command]) => ({ name, command })))).toBe(expected));
});

describe('any loop', () => {
  const iteration = fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    block: fc.constantFrom(null, DONE, block('in_progress'), block('complete'), block('blocked')),
    claims: fc.constantFrom(readClaims(''), readClaims('All done. Nothing to do.')),
    changed: fc.boolean(),
    commits: fc.nat(2),
    error: fc.constantFrom(null, 'one error', 'another failure'),
    permissionDenied: fc.boolean(),
    askedQuestion: fc.boolean(),
    toolCalls: fc.nat(3),
    changedSinceBase: fc.boolean(),
  });

  it('makes no more iterations than allowed, starts none with an open breaker, and never ends by a claim that the gate did not confirm', () => {
    fc.assert(
      fc.property(
        fc.array(iteration, { minLength: 1, maxLength: 80 }),
        fc.array(fc.boolean(), { maxLength: 80 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(80),
        (stories, gates, maxLoops, restartAt) => {
          let state: LoopState = NEW_LOOP;
          let started = 0;
          for (const [index, story] of stories.entries()) {
            if (index === restartAt) state = JSON.parse(JSON.stringify(state)) as LoopState;
            const next = decideNextIteration({
              stopRequested: false,
              breaker: state.breaker,
              costUsd: 0,
              maxCostUsd: null,
              iterations: state.iterations,
              maxLoops,
              activeMs: 0,
              maxActiveMs: null,
              callsMs: [],
              maxCallsPerHour: null,
              nowMs: 0,
            });
            if (next.kind !== 'start') break;
            expect(state.breaker.state).not.toBe('OPEN');
            started += 1;
            const after = afterIteration(state, facts({ ...story, hasVerify: true }));
            state = after.state;
            let step = after.step;
            let confirmed = false;
            if (step.kind === 'gate') {
              confirmed = gates[index] === true;
              ({ state, step } = afterGate(state, { passed: confirmed, output: 'no' }));
            }
            if (step.kind === 'end') {
              if (step.outcome === 'completed') expect(confirmed || story.block?.status === 'blocked').toBe(true);
              break;
            }
          }
          expect(started).toBeLessThanOrEqual(maxLoops);
        },
      ),
    );
  });
});

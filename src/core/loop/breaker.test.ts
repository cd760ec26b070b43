import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterCooldown, afterIteration, BREAKER_LIMITS, type Breaker, CLOSED, type IterationOutcome, reset } from './breaker.ts';
import { errorKey } from './error-key.ts';

/** p progress, - stale, n neutral; a, b: stale with that error; A, B: progress with it; d: denied, nothing changed; D: denied, with progress. */
function outcome(letter: string): IterationOutcome {
  const error = 'ab'.includes(letter.toLowerCase()) ? letter.toLowerCase() : null;
  return { progress: 'pABD'.includes(letter), errorKey: error, permissionDenied: letter.toLowerCase() === 'd', neutral: letter === 'n' };
}

function play(story: string, from: Breaker = CLOSED): Breaker {
  return [...story].reduce((breaker, letter, index) => afterIteration(breaker, outcome(letter), index), from);
}

describe('the breaker', () => {
  it.each<[string, string]>([
    ['', 'CLOSED'],
    ['p', 'CLOSED'],
    ['-', 'CLOSED'],
    ['--', 'HALF_OPEN'],
    ['---', 'HALF_OPEN'],
    ['----', 'HALF_OPEN'],
    ['-----', 'OPEN'],
    ['-p-', 'CLOSED'],
    ['-p-p-p-', 'CLOSED'],
    ['--p', 'CLOSED'],
    ['--p-', 'CLOSED'],
    ['--p--', 'HALF_OPEN'],
    ['----p', 'CLOSED'],
    ['----p----', 'HALF_OPEN'],
    ['----p-----', 'OPEN'],
    ['n', 'CLOSED'],
    ['nnnnnnnnnn', 'CLOSED'],
    ['-n-', 'HALF_OPEN'],
    ['-n', 'CLOSED'],
    ['--n', 'HALF_OPEN'],
    ['--nnnnnn', 'HALF_OPEN'],
    ['--n-n-n-', 'OPEN'],
    ['--np', 'CLOSED'],
    ['pppppppppp', 'CLOSED'],
    ['-----p', 'OPEN'],
    ['-----ppppp', 'OPEN'],
    ['-----n', 'OPEN'],
    ['AAAA', 'CLOSED'],
    ['AAAAA', 'OPEN'],
    ['AAAApA', 'CLOSED'],
    ['AAAABAAAA', 'CLOSED'],
    ['ABABABABAB', 'CLOSED'],
    ['AAAAnA', 'CLOSED'],
    ['aaaa', 'HALF_OPEN'],
    ['aaaaa', 'OPEN'],
    ['aAaAa', 'OPEN'],
    ['aAaApa', 'CLOSED'],
    ['aabb', 'HALF_OPEN'],
    ['d', 'CLOSED'],
    ['dd', 'OPEN'],
    ['D', 'CLOSED'],
    ['DDDDDD', 'CLOSED'],
    ['dDd', 'CLOSED'],
    ['dpd', 'CLOSED'],
    ['d-', 'HALF_OPEN'],
    ['d-d', 'HALF_OPEN'],
    ['-dd', 'OPEN'],
    ['dn', 'CLOSED'],
  ])('%s → %s', (story, state) => expect(play(story).state).toBe(state));

  it('says why it opened and when', () => {
    expect(play('-----')).toMatchObject({ reason: 'No progress in 5 iterations in a row.', openedAtMs: 4 });
    expect(play('AAAAA').reason).toContain('same error 5');
    expect(play('dd').reason).toContain('permission was denied in 2');
  });

  it('opens by a repeated error also in HALF_OPEN, and in an iteration that asked a question', () => {
    const halfOpen: Breaker = { ...play('--'), sameError: 4, errorKey: 'a' };
    expect(afterIteration(halfOpen, outcome('A'), 9).state).toBe('OPEN');
    expect(afterIteration(halfOpen, { ...outcome('a'), neutral: true }, 9).state).toBe('OPEN');
  });

  it('takes other limits', () => {
    const limits = { ...BREAKER_LIMITS, halfOpenAfter: 1, patience: 1 };
    const half = afterIteration(CLOSED, outcome('-'), 0, limits);
    expect(half.state).toBe('HALF_OPEN');
    expect(afterIteration(half, outcome('-'), 1, limits).state).toBe('OPEN');
  });

  it.each<[string, number | null, number, string]>([
    ['no cooldown', null, 1e12, 'OPEN'],
    ['too early', 60_000, 60_003, 'OPEN'],
    ['in time', 60_000, 60_004, 'HALF_OPEN'],
    ['long after', 60_000, 1e12, 'HALF_OPEN'],
    ['a clock that went back', 60_000, -5, 'OPEN'],
  ])('cooldown: %s', (_name, cooldown, nowMs, state) => expect(afterCooldown(play('-----'), cooldown, nowMs).state).toBe(state));

  it('after a cooldown three more stale iterations open it again', () => {
    const again = afterCooldown(play('-----'), 1000, 1e9);
    expect(play('--', again).state).toBe('HALF_OPEN');
    expect(play('---', again).state).toBe('OPEN');
    expect(play('p', again).state).toBe('CLOSED');
  });

  it('does not cool down what is not open', () => expect(afterCooldown(play('--'), 1, 1e9)).toEqual(play('--')));
  it('a reset counts from nothing', () => expect(play('----', reset()).state).toBe('HALF_OPEN'));

  it('survives a restart at any point: its JSON goes on as it would have', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'p-nabABdD'), maxLength: 30 }), fc.nat(30), (story, cut) => {
        const kept = JSON.parse(JSON.stringify(play(story.slice(0, cut)))) as Breaker;
        const resumed = [...story.slice(cut)].reduce(
          (breaker, letter, index) => afterIteration(breaker, outcome(letter), cut + index),
          kept,
        );
        expect(resumed).toEqual(play(story));
      }),
    );
  });

  it('once open, no iteration closes it; and it opens after at most 5 stale iterations in a row', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'p-nabABdD'), maxLength: 30 }), (story) => {
        const breaker = play(story);
        if (breaker.state === 'OPEN') expect(play('pppp', breaker).state).toBe('OPEN');
        expect(play(`${story}-----`).state).toBe('OPEN');
      }),
    );
  });
});

describe('identity of errors', () => {
  it.each<[string, string]>([
    ['TypeError: x is undefined at line 12', 'TypeError: x is undefined at line 345'],
    ['2026-11-25T10:00:00.123Z ERROR connect refused', '2026-11-26T11:30:59.999Z ERROR connect refused'],
    ['[10:00:01] build failed', '[23:59:59] build failed'],
    ['cannot read /tmp/a1b2/x.ts', 'cannot read /var/lib/other/y.ts'],
    ['commit deadbeef1234 is missing', 'commit 0123456789ab is missing'],
    ['pointer 0x7ffe1234 is bad', 'pointer 0xdeadbeef is bad'],
    ['ERROR: Port 3000 in use', 'error: port 4517 in use'],
    ['took 3.5 s, then failed', 'took 12.75 s, then failed'],
    ['  spaces   everywhere failed ', 'spaces everywhere failed'],
    [`${'same beginning '.repeat(20)}one end`, `${'same beginning '.repeat(20)}other end`],
  ])('%s = %s', (one, other) => {
    expect(errorKey(one)).not.toBeNull();
    expect(errorKey(one)).toBe(errorKey(other));
  });

  it.each<[string, string]>([
    ['TypeError: x is undefined', 'TypeError: y is undefined'],
    ['connect refused', 'connect timed out'],
  ])('%s ≠ %s', (one, other) => expect(errorKey(one)).not.toBe(errorKey(other)));

  it.each([
    '',
    '   ',
    '0 errors',
    'no errors',
    '"is_error":false',
    '{"is_error": false}',
    'errors: []',
    'failed: 0',
    '0 failed',
    'without any errors',
  ])('%s is no error', (text) => expect(errorKey(text)).toBeNull());

  it('an error of numbers alone is one all the same', () => expect(errorKey('404')).toBe('#'));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolCallKey, toolCallTarget } from './tool-call-key.ts';
import { diagnose, type WitnessFacts } from './witness.ts';

const NOW = 1_000_000_000;
const MIN = 60_000;
const facts = (over: Partial<WitnessFacts> = {}): WitnessFacts => ({
  nowMs: NOW,
  waitingFor: null,
  processAlive: true,
  lastSignMs: NOW,
  idleActiveMs: 0,
  staleIterations: null,
  calls: [],
  errors: [],
  medianProgressMs: null,
  ...over,
});
const other = (count: number): string[] => Array.from({ length: count }, (_, index) => `Read ${index}`);
const times = (count: number, ...keys: string[]): string[] => Array.from({ length: count }, () => keys).flat();

describe('the Witness', () => {
  it.each<[string, Partial<WitnessFacts>, string]>([
    ['nothing wrong', {}, 'healthy'],
    ['process gone', { processAlive: false }, 'zombie'],
    ['silent for 4:59', { lastSignMs: NOW - 5 * MIN + 1 }, 'healthy'],
    ['silent for 5:00', { lastSignMs: NOW - 5 * MIN }, 'zombie'],
    ['silent for hours', { lastSignMs: NOW - 500 * MIN }, 'zombie'],
    ['silent, but waiting', { lastSignMs: NOW - 50 * MIN, waitingFor: 'capacity' }, 'waiting'],
    ['gone, but waiting', { processAlive: false, waitingFor: 'a slot' }, 'waiting'],
    ['stuck, but waiting', { idleActiveMs: 99 * MIN, waitingFor: 'an answer' }, 'waiting'],
    ['looping, but waiting', { calls: times(9, 'a'), waitingFor: 'money' }, 'waiting'],
    ['silent counts before stuck', { lastSignMs: NOW - 6 * MIN, idleActiveMs: 99 * MIN }, 'zombie'],
    ['idle for 14:59 of active time', { idleActiveMs: 15 * MIN - 1 }, 'slow'],
    ['idle for 15:00 of active time', { idleActiveMs: 15 * MIN }, 'stuck'],
    ['stuck counts before looping', { idleActiveMs: 15 * MIN, calls: times(9, 'a') }, 'stuck'],
    ['a loop with 4 stale iterations', { staleIterations: 4 }, 'healthy'],
    ['a loop with 5 stale iterations', { staleIterations: 5 }, 'stuck'],
    ['a loop is not stuck by time', { staleIterations: 0, idleActiveMs: 99 * MIN, medianProgressMs: 99 * MIN }, 'healthy'],
    ['a loop without stale iterations may be slow', { staleIterations: 0, idleActiveMs: 99 * MIN }, 'slow'],
    ['the same call 4 times', { calls: times(4, 'a') }, 'healthy'],
    ['the same call 5 times', { calls: times(5, 'a') }, 'looping'],
    [
      'the same call 5 times in 20, spread',
      { calls: [...other(3), 'a', ...other(3), 'a', ...other(3), 'a', ...other(2), 'a', ...other(2), 'a'] },
      'looping',
    ],
    ['the same call 5 times, one of them 21 ago', { calls: ['a', 'a', ...other(16), 'a', 'a', 'a'] }, 'healthy'],
    ['20 different calls', { calls: other(20) }, 'healthy'],
    ['a cycle of two, 3 times', { calls: times(3, 'a', 'b') }, 'healthy'],
    ['a cycle of two, 4 times', { calls: times(4, 'a', 'b') }, 'looping'],
    ['a cycle of three, 4 times', { calls: times(4, 'a', 'b', 'c') }, 'looping'],
    ['a cycle of three, 3 times', { calls: times(3, 'a', 'b', 'c') }, 'healthy'],
    ['a cycle of four, 4 times', { calls: times(4, 'a', 'b', 'c', 'd') }, 'looping'],
    ['a cycle of four, 3 times', { calls: times(3, 'a', 'b', 'c', 'd') }, 'healthy'],
    ['a cycle of five, 4 times', { calls: times(4, 'a', 'b', 'c', 'd', 'e') }, 'healthy'],
    ['a cycle that ended', { calls: [...times(4, 'a', 'b', 'c'), 'x'] }, 'healthy'],
    ['a cycle that began in the middle', { calls: ['x', 'y', ...times(4, 'a', 'b')] }, 'looping'],
    ['the same error 3 times', { errors: times(3, 'e') }, 'healthy'],
    ['the same error 4 times', { errors: times(4, 'e') }, 'looping'],
    ['the same error 4 times, then another', { errors: [...times(4, 'e'), 'f'] }, 'healthy'],
    ['two errors in turn', { errors: times(4, 'e', 'f') }, 'healthy'],
    ['looping counts before slow', { calls: times(5, 'a'), idleActiveMs: 9 * MIN }, 'looping'],
    ['idle for 5:00 without history', { idleActiveMs: 5 * MIN }, 'healthy'],
    ['idle for more than 5:00 without history', { idleActiveMs: 5 * MIN + 1 }, 'slow'],
    ['idle for 3 medians', { idleActiveMs: 3 * MIN, medianProgressMs: MIN }, 'healthy'],
    ['idle for more than 3 medians', { idleActiveMs: 3 * MIN + 1, medianProgressMs: MIN }, 'slow'],
    ['idle for long, where that is usual', { idleActiveMs: 14 * MIN, medianProgressMs: 6 * MIN }, 'healthy'],
    ['a median of nothing', { idleActiveMs: 1, medianProgressMs: 0 }, 'slow'],
    ['no calls and no errors', { calls: [], errors: [] }, 'healthy'],
    ['a clock that went back', { lastSignMs: NOW + 10 * MIN }, 'healthy'],
  ])('%s', (_name, over, health) => expect(diagnose(facts(over)).health).toBe(health));

  it('says what made it', () => {
    expect(diagnose(facts({ calls: times(6, 'Bash npm test') })).why).toBe('6 × Bash npm test in the last 6 calls.');
    expect(diagnose(facts({ calls: times(4, 'Read a', 'Edit a') })).why).toBe('4 × in a row: Read a, Edit a.');
    expect(diagnose(facts({ idleActiveMs: 17 * MIN })).why).toBe('17 min without a changed file, a todo or a new target.');
    expect(diagnose(facts({ lastSignMs: NOW - 6 * MIN })).why).toBe('6 min without output and without a model call.');
    expect(diagnose(facts({ idleActiveMs: 3.4 * MIN, medianProgressMs: MIN })).why).toBe(
      '3 min since the last progress, 3.4 × the median.',
    );
    expect(diagnose(facts({ waitingFor: 'capacity' })).why).toBe('It waits for capacity.');
    expect(diagnose(facts({ calls: times(5, `Bash ${'x'.repeat(400)}`) })).why.length).toBeLessThan(120);
  });

  it('what waits is waiting, whatever else holds; what does not wait never is', () => {
    const any = fc.record({
      processAlive: fc.boolean(),
      lastSignMs: fc.integer({ min: 0, max: NOW }),
      idleActiveMs: fc.nat(99 * MIN),
      staleIterations: fc.option(fc.nat(9)),
      calls: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }),
      errors: fc.array(fc.constantFrom('e', 'f'), { maxLength: 10 }),
      medianProgressMs: fc.option(fc.nat(MIN)),
    });
    fc.assert(
      fc.property(any, fc.option(fc.constantFrom('capacity', 'a slot')), (over, waitingFor) => {
        expect(diagnose(facts({ ...over, waitingFor })).health === 'waiting').toBe(waitingFor !== null);
      }),
    );
  });
});

describe('identity of tool calls', () => {
  it.each<[string, unknown, string]>([
    ['Bash', { command: 'npm  test', description: 'Run the tests' }, 'Bash npm test'],
    ['Bash', { description: 'Other words', command: 'npm test', timeout: 5 }, 'Bash npm test'],
    ['Read', { file_path: 'a.ts', offset: 10 }, 'Read file_path=a.ts offset=10'],
    ['Read', { offset: 10, file_path: 'a.ts' }, 'Read file_path=a.ts offset=10'],
    ['Glob', { pattern: '*.ts' }, 'Glob *.ts'],
    ['Odd', null, 'Odd null'],
    ['Odd', 'text', 'Odd text'],
    ['Odd', [1, 2], 'Odd [1,2]'],
    ['Empty', {}, 'Empty'],
    ['Undefined', undefined, 'Undefined'],
  ])('%s %j', (name, input, key) => expect(toolCallKey(name, input)).toBe(key));

  it('is bounded, and a target is the file or the first words of the command', () => {
    expect(toolCallKey('Write', { content: 'x'.repeat(9999) }).length).toBeLessThanOrEqual(300);
    expect(toolCallTarget('Edit', { file_path: 'src/a.ts', old_string: 'x' })).toBe('Edit src/a.ts');
    expect(toolCallTarget('Bash', { command: 'npm test -- sessions --watch' })).toBe('Bash npm test -- sessions');
    expect(toolCallTarget('Odd', null)).toBe('Odd');
  });
});

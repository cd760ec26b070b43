import { expect, test } from 'vitest';
import { ERRORS, GluonError } from '../contract/errors.ts';
import { describeFailure, failureOfProblem, renderFailure } from './failure.ts';

test('the exit code of a problem is that of the catalogue', () => {
  for (const [code, { exit, status }] of Object.entries(ERRORS)) {
    expect(failureOfProblem(status, { code, detail: 'x' }).exit, code).toBe(exit);
  }
});

test.each([
  [404, 3],
  [403, 4],
  [400, 2],
  [500, 1],
  [502, 1],
])('an unknown problem of status %i is %i', (status, exit) => {
  const failure = failureOfProblem(status, null);
  expect(failure.exit).toBe(exit);
  expect(failure.sentence).toContain(String(status));
});

test('codes that are names of other things are unknown codes', () => {
  expect(failureOfProblem(500, { code: 'constructor', detail: 'd' })).toMatchObject({ code: 'constructor', action: '', exit: 1 });
});

test('what the server told is stripped for the terminal', () => {
  const failure = failureOfProblem(409, { code: 'merge_conflict', detail: 'bad\u001b[2J', action: 'do\u0007 this' });
  expect(renderFailure(failure, false)).toBe('gluon: bad\n  do this\n');
  expect(JSON.parse(renderFailure(failure, true))).toEqual({
    error: { code: 'merge_conflict', sentence: 'bad\u001b[2J', action: 'do\u0007 this' },
  });
});

test('our own errors, and defects', () => {
  expect(describeFailure(new GluonError('run_not_found', { run: 'ab' }))).toMatchObject({ exit: 3, sentence: 'There is no run "ab".' });
  expect(describeFailure(new TypeError('oops'))).toMatchObject({ exit: 1, code: 'cli_defect' });
});

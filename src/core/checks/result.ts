/** What the end of a check means. A check that could not run, or that found no tests, has not passed. */
import type { Check } from './detect.ts';

export const CHECK_STATES = ['passed', 'failed', 'no_tests', 'timed_out', 'could_not_run'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

export interface CheckEnd {
  readonly check: Check | 'verify';
  /** Null: it ended by a signal, or never began. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The sandbox or the program could not be started. */
  readonly notStarted: boolean;
  /** The end of what it printed. */
  readonly output: string;
}

const NO_TESTS =
  /\bno tests? (?:found|ran|were found|to run|files? found|executed|matched)\b|\bno test files\b|\bno test (?:suites?|specs?) found\b|\bcollected 0 items\b|\b0 tests? (?:found|ran|passed|collected|executed)\b|\bno specs found\b|\brunning 0 tests\b|^\s*(?:ℹ |# )?tests:?\s+0\s*$/im;
/** Somewhere tests did run: a part without any is no reason for a warning. */
const RAN =
  /\b[1-9]\d* (?:tests? )?(?:passed|failed|passing|failing|skipped)\b|\b[1-9]\d* (?:tests?|specs?|examples?)\b|^ok\s+\S|^FAIL\b|^--- FAIL|\brunning [1-9]\d* tests?\b|\btest suite failed to run\b/im;
const COMMAND_MISSING = /\b(?:command )?not found\s*$|missing script:|no such file or directory/im;

export function checkState(end: CheckEnd): CheckState {
  if (end.notStarted) return 'could_not_run';
  if (end.timedOut) return 'timed_out';
  if (end.check === 'test' && NO_TESTS.test(end.output) && !RAN.test(end.output)) return 'no_tests';
  if (end.exitCode === 0) return 'passed';
  // The shell's own codes for a program that is not there, or that may not be run; or npm's word for a script that is gone.
  if (
    (end.exitCode === 127 || end.exitCode === 126) &&
    (end.output.trim() === '' || COMMAND_MISSING.test(end.output) || /permission denied/i.test(end.output))
  )
    return 'could_not_run';
  if (/\bmissing script:/i.test(end.output) && !RAN.test(end.output)) return 'could_not_run';
  // pytest's code for "no tests collected", also when it was told to be quiet.
  if (end.check === 'test' && end.exitCode === 5 && end.output.trim() === '') return 'no_tests';
  return 'failed';
}

/** Only a failure that the agent can mend goes back to it. */
export function isForTheAgent(state: CheckState): boolean {
  return state === 'failed' || state === 'timed_out';
}

/** What a check of the doctor answers. */
import type { DoctorFinding } from '../contract/resources.ts';

export interface Check {
  id: string;
  group: string;
  title: string;
  look: () => Promise<Answer>;
}

export type Answer = Pick<DoctorFinding, 'status' | 'detail' | 'fix'> & { fixable?: boolean };

export function pass(detail: string): Answer {
  return { status: 'pass', detail, fix: null };
}

export function warn(detail: string, fix: string): Answer {
  return { status: 'warn', detail, fix };
}

export function fail(detail: string, fix: string): Answer {
  return { status: 'fail', detail, fix };
}

/** `doctor --fix` does it by itself, without risk. */
export function fixable(detail: string): Answer {
  return { status: 'warn', detail, fix: 'Run "gluon doctor --fix".', fixable: true };
}

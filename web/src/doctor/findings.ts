/** Findings of the doctor in their groups, the troubled ones first. Pure. */
import type { DoctorFinding } from '../../../src/contract/resources.ts';

const WEIGHT: Record<DoctorFinding['status'], number> = { fail: 0, warn: 1, skip: 2, pass: 3 };

export interface FindingGroup {
  readonly group: string;
  readonly findings: readonly DoctorFinding[];
}

/** Groups with the worst finding first, in them the worst finding first; equal ones keep the server's order. */
export function groupFindings(findings: readonly DoctorFinding[]): FindingGroup[] {
  const groups = new Map<string, DoctorFinding[]>();
  for (const finding of findings) groups.set(finding.group, [...(groups.get(finding.group) ?? []), finding]);
  const worst = (all: readonly DoctorFinding[]) => Math.min(...all.map(({ status }) => WEIGHT[status]));
  return [...groups]
    .map(([group, all]) => ({ group, findings: [...all].sort((left, right) => WEIGHT[left.status] - WEIGHT[right.status]) }))
    .sort((left, right) => worst(left.findings) - worst(right.findings));
}

/** `2 problems, 1 warning`, or that all is well. */
export function verdict(findings: readonly DoctorFinding[]): string {
  const count = (status: DoctorFinding['status']) => findings.filter((each) => each.status === status).length;
  const parts = [plural(count('fail'), 'problem'), plural(count('warn'), 'warning')].filter((part) => part !== '');
  return parts.length === 0 ? 'Everything is in order' : parts.join(', ');
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}

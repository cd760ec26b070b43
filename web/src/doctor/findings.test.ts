import { expect, it } from 'vitest';
import type { DoctorFinding } from '../../../src/contract/resources.ts';
import { groupFindings, verdict } from './findings.ts';

function finding(id: string, group: string, status: DoctorFinding['status']): DoctorFinding {
  return { id, group, status, title: id, detail: '', fix: null, fixable: false };
}

const FINDINGS = [
  finding('node', 'programs', 'pass'),
  finding('disk', 'home', 'warn'),
  finding('git', 'programs', 'pass'),
  finding('sandbox', 'sandbox', 'fail'),
  finding('caps', 'sandbox', 'warn'),
  finding('database', 'home', 'pass'),
];

it('puts trouble first and keeps the order of the rest', () => {
  const groups = groupFindings(FINDINGS).map(({ group, findings }) => [group, findings.map(({ id }) => id)]);
  expect(groups).toEqual([
    ['sandbox', ['sandbox', 'caps']],
    ['home', ['disk', 'database']],
    ['programs', ['node', 'git']],
  ]);
});

it('says how it stands in one line', () => {
  expect(verdict(FINDINGS)).toBe('1 problem, 2 warnings');
  expect(verdict([finding('node', 'programs', 'pass'), finding('x', 'y', 'skip')])).toBe('Everything is in order');
});

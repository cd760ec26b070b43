import { describe, expect, it } from 'vitest';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { ApiFailure } from '../api/failure.ts';
import { estimateOf } from './estimate.ts';
import { EMPTY_FORM, errorsOf, formFrom, furtherWords, needsFurther, nextForm, toInput } from './form.ts';

const form = { ...EMPTY_FORM, project: 'web-app', prompt: 'Fix it' };

describe('toInput', () => {
  it('sends what was chosen and leaves defaults to the server', () => {
    expect(toInput(form, [])).toEqual({
      input: {
        project: 'web-app',
        prompt: 'Fix it',
        profile: 'standard',
        agent: 'claude',
        use_worktree: true,
        include_uncommitted: false,
        images: [],
      },
    });
  });

  it('reads caps as people write them', () => {
    expect(toInput({ ...form, cost: '$2,50', minutes: ' 30 ', turns: '12' }, [])).toMatchObject({
      input: { max_cost_usd: 2.5, max_duration_minutes: 30, max_turns: 12 },
    });
  });

  it('says beside each field what keeps it from being sent', () => {
    expect(toInput({ ...EMPTY_FORM, cost: 'much', turns: '1.5', egress: 'names' }, [])).toEqual({
      errors: {
        project: 'Choose a project.',
        prompt: 'Say what the agent should do.',
        cost: 'A number, such as 5 or 2.50.',
        turns: 'A whole number from 1.',
        names: 'Name at least one host, such as example.org.',
      },
    });
  });

  it('sends host names as a list', () => {
    expect(toInput({ ...form, egress: 'names', names: 'example.org, *.example.com' }, [])).toMatchObject({
      input: { egress: ['example.org', '*.example.com'] },
    });
  });

  it('names no base beside uncommitted work, which has its own', () => {
    expect(toInput({ ...form, uncommitted: true, base: 'main' }, [])).not.toHaveProperty('input.base');
  });
});

describe('errorsOf', () => {
  it('places a refusal beside its field', () => {
    const fields = [{ pointer: '/max_cost_usd', detail: 'too small' }];
    expect(errorsOf(new ApiFailure('input_invalid', 400, 'x', { fields }))).toEqual({ cost: 'too small' });
    expect(errorsOf(new ApiFailure('prompt_too_long', 413, 'The prompt has 9 bytes.', { action: 'Cut it.' }))).toEqual({
      prompt: 'The prompt has 9 bytes. Cut it.',
    });
    expect(errorsOf(new ApiFailure('internal', 500, 'Broken.'))).toEqual({ form: 'Broken.' });
  });

  it('opens the folded part for an error in it', () => {
    expect(needsFurther({ base: 'x' })).toBe(true);
    expect(needsFurther({ prompt: 'x', form: 'y' })).toBe(false);
  });
});

describe('a kept form', () => {
  it('is taken as far as it fits', () => {
    expect(formFrom({ prompt: 'p', plan: true, worktree: 'yes', gone: 1 })).toEqual({ ...EMPTY_FORM, prompt: 'p', plan: true });
    expect(formFrom('nonsense')).toEqual(EMPTY_FORM);
  });

  it('gives its choices to the next run, and not its work', () => {
    const next = nextForm({ ...form, profile: 'deep', branch: 'b', base: 'x', title: 't' });
    expect(next).toEqual({ ...EMPTY_FORM, project: 'web-app', profile: 'deep' });
  });

  it('tells what differs from the defaults', () => {
    expect(furtherWords(form)).toEqual([]);
    expect(furtherWords({ ...form, base: 'dev', cost: '$5', turns: '9' })).toEqual(['from dev', '$5', '9 turns']);
  });
});

describe('estimateOf', () => {
  const ended = (cost_usd: number | null, more: Partial<RunCard> = {}) =>
    ({ project: 'web-app', profile: 'standard', status: 'review', ended_at: '2026-01-01', cost_usd, ...more }) as RunCard;

  it('is the middle half of runs of the same project and profile', () => {
    const cards = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((cost) => ended(cost));
    const estimate = estimateOf([...cards, ended(99, { project: 'infra' }), ended(99, { profile: 'deep' })], 'web-app', 'standard');
    expect(estimate).toMatchObject({ runs: 9, low: 3, high: 7 });
    expect(estimate?.bars.reduce((sum, bar) => sum + bar, 0)).toBe(9);
  });

  it('says nothing of few runs, and counts none without a price', () => {
    expect(
      estimateOf(
        [1, 2, 3, 4].map((cost) => ended(cost)),
        'web-app',
        'standard',
      ),
    ).toBeNull();
    expect(
      estimateOf(
        [null, null, null, 1, 2, 3, 4].map((cost) => ended(cost)),
        'web-app',
        'standard',
      ),
    ).toBeNull();
  });
});

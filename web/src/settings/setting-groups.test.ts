import { describe, expect, it } from 'vitest';
import { SETTINGS, type SettingKey } from '../../../src/contract/settings.ts';
import { fits, SETTING_GROUPS, SETTING_LOOKS, shownValue, valueWords, variableOf } from './setting-groups.ts';

describe('the settings', () => {
  it('each stand in exactly one group', () => {
    const shown = SETTING_GROUPS.flatMap(({ keys }) => keys);
    expect([...shown].sort()).toEqual(Object.keys(SETTINGS).sort());
  });

  it.each(Object.entries(SETTING_LOOKS))('%s offers only values that the contract takes', (key, { editor }) => {
    const { schema, default: fallback } = SETTINGS[key as SettingKey];
    if (editor.kind === 'choice') for (const { value } of editor.options) expect(schema.safeParse(value).success).toBe(true);
    else if (editor.kind === 'several') expect(schema.safeParse(editor.options.map(({ value }) => value)).success).toBe(true);
    else if (editor.kind === 'switch') expect(typeof fallback).toBe('boolean');
    else if (editor.kind === 'number') expect(typeof fallback).toBe('number');
    else if (editor.kind === 'list') expect(Array.isArray(fallback)).toBe(true);
    else expect(schema.safeParse(fallback).success).toBe(true);
  });

  it('offer every choice of the contract', () => {
    for (const key of ['sandbox', 'question_policy', 'log_level'] as const) {
      const { editor } = SETTING_LOOKS[key];
      expect(editor.kind === 'choice' && editor.options.map(({ value }) => value).sort()).toEqual([...SETTINGS[key].schema.options].sort());
    }
  });
});

it('show what was chosen while it is on its way, and never what was typed', () => {
  expect(shownValue({ kind: 'switch' }, true, false)).toBe(false);
  expect(shownValue({ kind: 'switch' }, true, undefined)).toBe(true);
  expect(shownValue({ kind: 'egress' }, ['example.org'], null)).toBe(null);
  expect(shownValue({ kind: 'egress' }, 'none', ['example.org'])).toBe('none');
  expect(shownValue({ kind: 'number' }, 4, 5)).toBe(4);
});

it('are found by words of the key, the label and the summary in any order', () => {
  expect(fits('memory CAP', 'caps.memory_mb', 'Memory', 'Memory of an attempt')).toBe(true);
  expect(fits('memory disk', 'caps.memory_mb', 'Memory', 'Memory of an attempt')).toBe(false);
  expect(fits('', 'port', 'Port', '')).toBe(true);
});

it('values have words', () => {
  expect([true, '', [], ['a', 'b'], ['a', 'b', 'c', 'd'], {}, { x: 1 }, 0, 'park'].map(valueWords)).toEqual([
    'on',
    'empty',
    'empty',
    'a, b',
    '4 entries',
    'empty',
    '1 entries',
    '0',
    'park',
  ]);
  expect(variableOf('caps.memory_mb')).toBe('GLUON_CAPS_MEMORY_MB');
});

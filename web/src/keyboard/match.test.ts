import { describe, expect, it } from 'vitest';
import { isSingleKey, keyCaps, keyOf, match, type Press } from './match.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

describe('keyOf', () => {
  it('names letters, signs and named keys', () => {
    expect(keyOf(press('n'), false)).toBe('n');
    expect(keyOf(press('?', { shiftKey: true }), false)).toBe('?');
    expect(keyOf(press('F', { shiftKey: true }), false)).toBe('shift+f');
    expect(keyOf(press(' '), false)).toBe('space');
    expect(keyOf(press('ArrowDown'), false)).toBe('arrowdown');
  });

  it('takes Ctrl as the modifier, on a Mac Command, and leaves the other alone', () => {
    expect(keyOf(press('k', { ctrlKey: true }), false)).toBe('mod+k');
    expect(keyOf(press('k', { metaKey: true }), true)).toBe('mod+k');
    expect(keyOf(press('k', { ctrlKey: true }), true)).toBeNull();
    expect(keyOf(press('k', { metaKey: true }), false)).toBeNull();
  });

  it('leaves Alt and modifiers alone to the browser', () => {
    expect(keyOf(press('n', { altKey: true }), false)).toBeNull();
    expect(keyOf(press('Shift', { shiftKey: true }), false)).toBeNull();
  });

  it('goes by the place of the key on keyboards of other scripts', () => {
    expect(keyOf(press('т', { code: 'KeyN' }), false)).toBe('n');
    expect(keyOf(press('ж', { code: 'Semicolon' }), false)).toBeNull();
  });

  it('keeps Caps Lock from making another binding', () => {
    expect(keyOf(press('N'), false)).toBe('n');
  });
});

describe('match', () => {
  const bindings = [{ keys: 'n' }, { keys: 'g b' }, { keys: 'g u' }, { keys: 'b' }];

  it('finds a single key', () => {
    expect(match('', 'n', bindings)).toEqual({ kind: 'run', binding: { keys: 'n' } });
    expect(match('', 'x', bindings)).toEqual({ kind: 'none' });
  });

  it('waits for the second key of a sequence', () => {
    expect(match('', 'g', bindings)).toEqual({ kind: 'wait', pending: 'g' });
    expect(match('g', 'b', bindings)).toEqual({ kind: 'run', binding: { keys: 'g b' } });
  });

  it('begins anew with a key that does not continue the sequence', () => {
    expect(match('g', 'n', bindings)).toEqual({ kind: 'run', binding: { keys: 'n' } });
    expect(match('g', 'g', bindings)).toEqual({ kind: 'wait', pending: 'g' });
    expect(match('g', 'x', bindings)).toEqual({ kind: 'none' });
  });

  it('gives the last registered binding the key', () => {
    const [first, second] = [{ keys: 'a' }, { keys: 'a' }];
    const found = match('', 'a', [first, second]);
    expect(found.kind === 'run' && found.binding).toBe(second);
  });
});

describe('what can be switched off', () => {
  it('is every key that types something, and no other', () => {
    expect(['n', 'g b', 'shift+f', '?', '1', '['].map(isSingleKey)).toEqual(Array(6).fill(true));
    expect(['mod+k', 'mod+enter', 'escape', 'arrowdown', 'space', 'enter'].map(isSingleKey)).toEqual(Array(6).fill(false));
  });
});

describe('keyCaps', () => {
  it('writes what stands on the keyboard', () => {
    expect(keyCaps('mod+enter', true)).toEqual(['⌘', '↵']);
    expect(keyCaps('mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keyCaps('g b', false)).toEqual(['G', 'B']);
    expect(keyCaps('shift+f', false)).toEqual(['⇧', 'F']);
  });
});

import { describe, expect, it } from 'vitest';
import { type DraftStorage, keepDraft, readDraft } from './drafts.ts';

/** A storage that holds so many characters. */
function storage(most = 1_000_000): DraftStorage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => void kept.delete(key),
    setItem(key, value) {
      const others = [...kept].filter(([name]) => name !== key).reduce((sum, [, text]) => sum + text.length, 0);
      if (others + value.length > most) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

describe('drafts', () => {
  it('are kept until they are emptied', () => {
    const place = storage();
    expect(keepDraft(place, 'run.a', 'half a thought', 1)).toBe(true);
    expect(readDraft(place, 'run.a')).toBe('half a thought');
    keepDraft(place, 'run.a', '', 2);
    expect(readDraft(place, 'run.a')).toBe('');
    expect(place.length).toBe(0);
  });

  it('the oldest make room: by number, and when the storage is full', () => {
    const place = storage();
    for (let index = 0; index < 150; index += 1) keepDraft(place, `run.${index}`, `text ${index}`, index);
    expect(place.length).toBe(100);
    expect(readDraft(place, 'run.0')).toBe('');
    expect(readDraft(place, 'run.149')).toBe('text 149');
    const small = storage(200);
    keepDraft(small, 'old', 'x'.repeat(60), 1);
    keepDraft(small, 'newer', 'x'.repeat(60), 2);
    expect(keepDraft(small, 'newest', 'y'.repeat(90), 3)).toBe(true);
    expect(readDraft(small, 'old')).toBe('');
    expect(readDraft(small, 'newest')).toHaveLength(90);
  });

  it('what cannot be kept is told, and others stay', () => {
    const place = storage(100);
    place.setItem('not.a.draft', 'stays');
    expect(keepDraft(place, 'a', 'x'.repeat(500), 1)).toBe(false);
    expect(keepDraft(storage(), 'a', 'x'.repeat(300_000), 1)).toBe(false);
    expect(place.getItem('not.a.draft')).toBe('stays');
  });

  it('what something else has written is no draft', () => {
    const place = storage();
    for (const value of ['{', 'null', '[]', '{"text":1}']) {
      place.setItem('gluon.draft.x', value);
      expect(readDraft(place, 'x')).toBe('');
    }
  });
});

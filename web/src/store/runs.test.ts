import { describe, expect, it } from 'vitest';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { RunStore } from './runs.ts';

const card = (id: string, over: Partial<RunCard> = {}): RunCard =>
  ({ id, seq: 1, status: 'review', archived: false, title: id, ...over }) as RunCard;
const ids = (store: RunStore): string[] => store.all().map(({ id }) => id);

describe('the store of runs', () => {
  it('tells the listeners of one run of its figures, and those of the order only of what changes places', () => {
    const store = new RunStore();
    store.put([card('a'), card('b')]);
    const told: string[] = [];
    store.watch('a', () => told.push('a'));
    store.watch('b', () => told.push('b'));
    store.watchOrder(() => told.push('order'));
    store.patch({ id: 'a', cost_usd: 1 });
    expect(told).toEqual(['a']);
    store.patch({ id: 'b', status: 'completed' });
    expect(told).toEqual(['a', 'b', 'order']);
  });

  it('does not let an older answer win, and keeps no patch of what it does not know', () => {
    const store = new RunStore();
    store.put([card('a', { seq: 5, title: 'new' })]);
    store.put([card('a', { seq: 4, title: 'old' })]);
    expect(store.get('a')?.title).toBe('new');
    expect(store.patch({ id: 'z', title: 'x' })).toBe(false);
    expect(store.get('z')).toBeUndefined();
  });

  it('gives the same list until the order changes', () => {
    const store = new RunStore();
    store.put([card('a')]);
    const before = store.all();
    store.patch({ id: 'a', cost_usd: 2 });
    expect(store.all()).toBe(before);
    store.put([card('b')]);
    expect(store.all()).not.toBe(before);
  });

  it('forgets what a listener left', () => {
    const store = new RunStore();
    let told = 0;
    const stop = store.watch('a', () => {
      told += 1;
    });
    stop();
    store.put([card('a')]);
    expect(told).toBe(0);
  });
});

describe('a list that is being read', () => {
  it('takes away what it does not hold, save archived runs, which a view may show', () => {
    const store = new RunStore();
    store.put([card('a'), card('b'), card('c', { archived: true })]);
    const reading = store.startReading();
    reading.put([card('b')]);
    reading.end();
    expect(ids(store)).toEqual(['b', 'c']);
  });

  it('keeps a run that was made meanwhile', () => {
    const store = new RunStore();
    const reading = store.startReading();
    reading.put([card('a')]);
    store.put([card('made')]);
    reading.end();
    expect(ids(store)).toEqual(['a', 'made']);
  });

  it('does not bring back a run that was removed meanwhile', () => {
    const store = new RunStore();
    const reading = store.startReading();
    store.remove('gone');
    reading.put([card('a'), card('gone')]);
    reading.end();
    expect(ids(store)).toEqual(['a']);
  });

  it('that fails takes nothing away', () => {
    const store = new RunStore();
    store.put([card('a')]);
    const reading = store.startReading();
    reading.put([]);
    reading.giveUp();
    expect(ids(store)).toEqual(['a']);
  });
});

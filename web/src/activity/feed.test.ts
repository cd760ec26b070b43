import { describe, expect, it } from 'vitest';
import type { GluonEvent } from '../../../src/contract/resources.ts';
import { feedRows, mergeEvents } from './feed.ts';

const NOW = new Date(2026, 10, 25, 12).getTime();
const HOUR = 3_600_000;

function event(id: number, agoHours: number): GluonEvent {
  return {
    id,
    run_id: null,
    seq: null,
    type: 'server.stopped',
    payload: {},
    actor: 'gluon',
    at: new Date(NOW - agoHours * HOUR).toISOString(),
  };
}

describe('the feed', () => {
  it('has each event once, newest first, however it came', () => {
    const merged = mergeEvents([event(5, 0), event(4, 0)], [event(4, 0), event(3, 1), event(1, 2)]);
    expect(merged.map(({ id }) => id)).toEqual([5, 4, 3, 1]);
  });

  it('begins a day with its name', () => {
    const rows = feedRows([event(5, 1), event(4, 11), event(3, 13), event(2, 35), event(1, 240)], NOW);
    expect(rows.map((row) => (row.kind === 'day' ? row.label : row.event.id))).toEqual([
      'Today',
      5,
      4,
      'Yesterday',
      3,
      2,
      'Sun, Nov 15',
      1,
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });
});

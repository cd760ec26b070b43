import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopicRing } from './topic-ring.ts';

const bounds = { ringMessages: 3, ringBytes: 100 };
const numbered = (seq: number): string => String(seq);

describe('TopicRing', () => {
  it('gives what came after a number', () => {
    const ring = new TopicRing(10, bounds);
    for (let i = 0; i < 3; i++) ring.push(numbered, true);
    expect(ring.since(10)).toEqual(['11', '12', '13']);
    expect(ring.since(12)).toEqual(['13']);
    expect(ring.since(13)).toEqual([]);
  });

  it('knows what it does not know', () => {
    const ring = new TopicRing(10, bounds);
    for (let i = 0; i < 5; i++) ring.push(numbered, true);
    expect(ring.since(11)).toBeNull();
    expect(ring.since(12)).toEqual(['13', '14', '15']);
    expect(ring.since(16)).toBeNull();
    expect(ring.since(9)).toBeNull();
  });

  it('numbers fleeting messages without keeping them', () => {
    const ring = new TopicRing(0, bounds);
    ring.push(numbered, true);
    for (let i = 0; i < 50; i++) ring.push(numbered, false);
    ring.push(numbered, true);
    expect(ring.since(0)).toEqual(['1', '52']);
  });

  it('keeps nothing of a message above its bytes and says so', () => {
    const ring = new TopicRing(0, bounds);
    ring.push(numbered, true);
    ring.push(() => 'x'.repeat(101), true);
    expect(ring.since(1)).toBeNull();
    expect(ring.since(2)).toEqual([]);
  });

  it('never gives a list with a hole, whatever was pushed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(120), fc.boolean()), { maxLength: 40 }), fc.nat(45), (pushes, after) => {
        const ring = new TopicRing(0, bounds);
        const kept: number[] = [];
        for (const [length, keep] of pushes) {
          ring.push((seq) => `${seq}:${'x'.repeat(length)}`, keep);
          if (keep) kept.push(ring.last);
        }
        const given = ring.since(after)?.map((text) => Number(text.split(':')[0]));
        if (given !== undefined) expect(given).toEqual(kept.filter((seq) => seq > after));
      }),
    );
  });
});

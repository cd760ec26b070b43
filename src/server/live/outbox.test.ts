import { describe, expect, it } from 'vitest';
import { Outbox } from './outbox.ts';

const bounds = { outboxBytes: 20, messageBytes: 30 };
const lastSeq = (): number => 99;

describe('Outbox', () => {
  it('puts everything into one array', () => {
    const box = new Outbox(bounds);
    box.add('a', '1');
    box.add(null, '2');
    expect(box.take(lastSeq)).toBe('[1,2]');
    expect(box.empty).toBe(true);
  });

  it('cuts every waiting topic to resync when it would grow beyond its bytes', () => {
    const box = new Outbox(bounds);
    box.add('a', '"0123456789"');
    box.add('b', '"0123456789"');
    box.add('a', '"more"');
    expect(JSON.parse(box.take(lastSeq))).toEqual([
      { topic: 'a', seq: 99, type: 'resync' },
      { topic: 'b', seq: 99, type: 'resync' },
    ]);
    box.add('a', '3');
    expect(box.take(lastSeq)).toBe('[3]');
  });

  it('lets one big message through when nothing else waits, but none without bound', () => {
    const box = new Outbox(bounds);
    box.add('a', `"${'x'.repeat(28)}"`);
    expect(box.take(lastSeq)).toContain('xxx');
    box.add('a', 'x'.repeat(31));
    expect(JSON.parse(box.take(lastSeq))).toEqual([{ topic: 'a', seq: 99, type: 'resync' }]);
  });

  it('says nothing of a topic that the client left', () => {
    const box = new Outbox(bounds);
    box.add('a', 'x'.repeat(31));
    box.forget('a');
    expect(box.empty).toBe(true);
  });
});

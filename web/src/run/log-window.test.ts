import { describe, expect, it } from 'vitest';
import { type LogWindow, NO_LOG, withEarlier, withLater } from './log-window.ts';

const read = (offset: number, text: string) => ({ text, offset, next_offset: offset + text.length });
const whole = (log: LogWindow) => log.parts.map(({ text }) => text).join('');

describe('the window of a log', () => {
  it('grows at both ends without a hole', () => {
    let log = withLater(NO_LOG, read(100, 'c\n'), true);
    log = withLater(log, read(102, 'd\n'), true);
    log = withEarlier(log, read(96, 'a\nb\n'));
    expect(whole(log)).toBe('a\nb\nc\nd\n');
    expect(log).toMatchObject({ from: 96, to: 104 });
  });

  it('a line that was cut by a border is one line again', () => {
    let log = withLater(NO_LOG, read(10, 'tail of a line\n'), true);
    log = withEarlier(log, read(0, 'one\nhead, '));
    expect(log.parts).toHaveLength(1);
    log = withLater(withLater(log, read(25, 'ha'), true), read(27, 'lf\n'), true);
    expect(whole(log)).toBe('one\nhead, tail of a line\nhalf\n');
  });

  it('what does not follow begins anew; nothing new changes nothing', () => {
    const log = withLater(NO_LOG, read(0, 'a\n'), true);
    expect(withLater(log, read(2, ''), true)).toBe(log);
    expect(withLater(log, read(500, 'z\n'), true)).toMatchObject({ from: 500, parts: [{ text: 'z\n' }] });
    expect(withEarlier(log, read(0, 'a\n'))).toBe(log);
  });

  it('lets the beginning go when it becomes too much, unless somebody reads there', () => {
    const line = `${'x'.repeat(99)}\n`.repeat(200);
    let log = NO_LOG;
    let held = NO_LOG;
    for (let index = 0; index < 100; index += 1) {
      log = withLater(log, read(index * line.length, line), true);
      held = withLater(held, read(index * line.length, line), false);
    }
    expect(whole(log).length).toBeLessThanOrEqual(620_000);
    expect(log.from).toBe(log.parts[0]?.at);
    expect(log.to).toBe(100 * line.length);
    expect(held.from).toBe(0);
    expect(withEarlier(log, read(log.from - 100, line.slice(0, 100))).from).toBe(log.from - 100);
  });
});

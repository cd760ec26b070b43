import { describe, expect, it } from 'vitest';
import { Soon } from './soon.ts';

function clock() {
  const timers: (() => void)[] = [];
  return {
    soon: new Soon((_ms, then) => {
      timers.push(then);
      return () => timers.splice(timers.indexOf(then), 1);
    }),
    waiting: () => timers.length,
    tick: () => timers.shift()?.(),
  };
}

describe('work asked for often', () => {
  it('is done at once, then once for all that came in the time', () => {
    const { soon, tick, waiting } = clock();
    const done: number[] = [];
    for (let index = 0; index < 100; index += 1) soon.ask('a', 1000, () => done.push(index));
    expect(done).toEqual([0]);
    tick();
    expect(done).toEqual([0, 99]);
    tick();
    expect(done).toEqual([0, 99]);
    expect(waiting()).toBe(0);
    soon.ask('a', 1000, () => done.push(-1));
    expect(done).toEqual([0, 99, -1]);
  });

  it('one kind does not hold another up', () => {
    const { soon } = clock();
    const done: string[] = [];
    soon.ask('a', 1000, () => done.push('a'));
    soon.ask('b', 1000, () => done.push('b'));
    expect(done).toEqual(['a', 'b']);
  });

  it('nothing is done after the end', () => {
    const { soon, waiting } = clock();
    const done: number[] = [];
    soon.ask('a', 1000, () => done.push(1));
    soon.ask('a', 1000, () => done.push(2));
    soon.stop();
    expect(waiting()).toBe(0);
    expect(done).toEqual([1]);
  });
});

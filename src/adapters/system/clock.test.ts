import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './clock.ts';

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('calls back once after the delay, and never after cancelling', () => {
    const called: string[] = [];
    systemClock().after(100, () => called.push('kept'));
    const cancel = systemClock().after(100, () => called.push('cancelled'));
    cancel();
    vi.advanceTimersByTime(99);
    expect(called).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(called).toEqual(['kept']);
  });

  it('waits for delays that are longer than a timer of the platform can hold', () => {
    let called = 0;
    const days60 = 60 * 86_400_000;
    systemClock().after(days60, () => {
      called += 1;
    });
    vi.advanceTimersByTime(days60 - 1);
    expect(called).toBe(0);
    vi.advanceTimersByTime(1);
    expect(called).toBe(1);
  });

  it('ends a sleep with the reason of an abort, and leaves no timer behind', async () => {
    const stop = new AbortController();
    const slept = systemClock().sleep(1000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
    await expect(systemClock().sleep(1, stop.signal)).rejects.toThrow('enough');
  });

  it('has a monotonic time that does not go back', () => {
    const clock = systemClock();
    const first = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });
});

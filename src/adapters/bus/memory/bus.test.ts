import { describe, expect, it } from 'vitest';
import type { LiveHint } from '../../../ports/bus.ts';
import { memoryBus } from './bus.ts';

const hint: LiveHint = { topic: 'board', type: 'activity', data: 1 };

function busWithLog() {
  const errors: object[] = [];
  const nothing = (): void => {};
  const bus = memoryBus({ debug: nothing, info: nothing, warn: nothing, error: (fields) => void errors.push(fields) });
  return { bus, errors };
}

describe('memoryBus', () => {
  it('delivers to all listeners in order, until they leave', () => {
    const { bus } = busWithLog();
    const heard: string[] = [];
    const leave = bus.subscribe(() => heard.push('one'));
    bus.subscribe(() => heard.push('two'));
    bus.publish(hint);
    leave();
    leave();
    bus.publish(hint);
    expect(heard).toEqual(['one', 'two', 'two']);
  });

  it('goes on after a listener that throws, and logs it', () => {
    const { bus, errors } = busWithLog();
    let heard = 0;
    bus.subscribe(() => {
      throw new Error('broke');
    });
    bus.subscribe(() => {
      heard += 1;
    });
    expect(() => bus.publish(hint)).not.toThrow();
    expect(heard).toBe(1);
    expect(errors).toHaveLength(1);
  });

  it('lets a listener leave, and another come, while it is called', () => {
    const { bus } = busWithLog();
    const heard: string[] = [];
    const leave = bus.subscribe(() => {
      heard.push('first');
      leave();
      bus.subscribe(() => heard.push('late'));
    });
    bus.publish(hint);
    bus.publish(hint);
    expect(heard).toEqual(['first', 'late']);
  });
});

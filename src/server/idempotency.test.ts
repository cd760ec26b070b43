import { describe, expect, it } from 'vitest';
import { memoryIdempotency } from '../../test/support/http-server.ts';
import { silentLog } from '../adapters/system/log.ts';
import { IdempotentAnswers, idempotencyKey } from './idempotency.ts';

const one = { status: 201, body: '{"n":1}' };

describe('IdempotentAnswers', () => {
  it('does the work once and replays its answer', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let worked = 0;
    const work = async () => ({ status: 201, body: `{"n":${++worked}}` });
    expect(await answers.answer('k', 'f', work)).toEqual({ ...one, replayed: false });
    expect(await answers.answer('k', 'f', work)).toEqual({ ...one, replayed: true });
    expect(worked).toBe(1);
  });

  it('refuses the key for another request, stored or at work', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let finish = (): void => {};
    const slow = answers.answer('k', 'f', () => new Promise((resolve) => (finish = () => resolve(one))));
    await expect(answers.answer('k', 'other', async () => one)).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    await slow;
    await expect(answers.answer('k', 'other', async () => one)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  it('lets a second request of the same key wait for the first', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let worked = 0;
    const work = async () => {
      worked += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return one;
    };
    const both = await Promise.all([answers.answer('k', 'f', work), answers.answer('k', 'f', work)]);
    expect(both.map((each) => each.replayed)).toEqual([false, true]);
    expect(worked).toBe(1);
  });

  it('keeps nothing of a failure: the key may try again', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    await expect(answers.answer('k', 'f', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    expect(await answers.answer('k', 'f', async () => one)).toEqual({ ...one, replayed: false });
  });

  it('answers what was done even when it cannot be stored', async () => {
    const store = { ...memoryIdempotency(), save: () => Promise.reject(new Error('disk full')) };
    const answers = new IdempotentAnswers(store, silentLog());
    expect(await answers.answer('k', 'f', async () => one)).toEqual({ ...one, replayed: false });
  });
});

describe('idempotencyKey', () => {
  it('takes visible ASCII of bounded length', () => {
    expect(idempotencyKey(undefined)).toBeUndefined();
    expect(idempotencyKey('a-1')).toBe('a-1');
    for (const bad of ['', 'a b', 'x'.repeat(201), ['a', 'b']]) expect(() => idempotencyKey(bad)).toThrow('Idempotency-Key');
  });
});

import { describe, expect, it } from 'vitest';
import { memoryIdempotency } from '../../test/support/http-server.ts';
import { silentLog } from '../adapters/system/log.ts';
import { type Answer, IdempotentAnswers, idempotencyKey, type KeyedWork } from './idempotency.ts';

const one = { status: 201, body: '{"n":1}' };
const unasked = () => Promise.reject(new Error('nothing was made'));
const doing = (work: () => Promise<Answer>): KeyedWork => ({ work, again: unasked });

describe('IdempotentAnswers', () => {
  it('does the work once and replays its answer', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let worked = 0;
    const work = async () => ({ status: 201, body: `{"n":${++worked}}` });
    expect(await answers.answer('k', 'f', doing(work))).toEqual({ ...one, replayed: false });
    expect(await answers.answer('k', 'f', doing(work))).toEqual({ ...one, replayed: true });
    expect(worked).toBe(1);
  });

  it('refuses the key for another request, stored or at work', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let finish = (): void => {};
    const slow = answers.answer(
      'k',
      'f',
      doing(() => new Promise((resolve) => (finish = () => resolve(one)))),
    );
    await expect(
      answers.answer(
        'k',
        'other',
        doing(async () => one),
      ),
    ).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await new Promise((resolve) => setImmediate(resolve));
    finish();
    await slow;
    await expect(
      answers.answer(
        'k',
        'other',
        doing(async () => one),
      ),
    ).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  it('lets a second request of the same key wait for the first', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    let worked = 0;
    const work = async () => {
      worked += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return one;
    };
    const both = await Promise.all([answers.answer('k', 'f', doing(work)), answers.answer('k', 'f', doing(work))]);
    expect(both.map((each) => each.replayed)).toEqual([false, true]);
    expect(worked).toBe(1);
  });

  it('keeps nothing of a failure: the key may try again', async () => {
    const answers = new IdempotentAnswers(memoryIdempotency(), silentLog());
    await expect(
      answers.answer(
        'k',
        'f',
        doing(() => Promise.reject(new Error('broke'))),
      ),
    ).rejects.toThrow('broke');
    expect(
      await answers.answer(
        'k',
        'f',
        doing(async () => one),
      ),
    ).toEqual({ ...one, replayed: false });
  });

  it('makes nothing twice where something was made and the answer was lost', async () => {
    const store = memoryIdempotency();
    store.saved.set('k', { fingerprint: 'f', answer: null, made: { run_id: 'run' } });
    const answers = new IdempotentAnswers(store, silentLog());
    const again = async (made: { run_id: string }) => ({ status: 201, body: made.run_id });
    const keyed = { work: () => Promise.reject(new Error('was done once more')), again };
    const found = { status: 201, body: 'run', replayed: true };
    expect(await answers.answer('k', 'f', keyed)).toEqual(found);
    expect(await answers.answer('k', 'f', doing(unasked))).toEqual(found);
    await expect(answers.answer('k', 'other', keyed)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });

  it('answers what was done even when it cannot be stored', async () => {
    const store = { ...memoryIdempotency(), save: () => Promise.reject(new Error('disk full')) };
    const answers = new IdempotentAnswers(store, silentLog());
    expect(
      await answers.answer(
        'k',
        'f',
        doing(async () => one),
      ),
    ).toEqual({ ...one, replayed: false });
  });
});

describe('idempotencyKey', () => {
  it('takes visible ASCII of bounded length', () => {
    expect(idempotencyKey(undefined)).toBeUndefined();
    expect(idempotencyKey('a-1')).toBe('a-1');
    for (const bad of ['', 'a b', 'x'.repeat(201), ['a', 'b']]) expect(() => idempotencyKey(bad)).toThrow('Idempotency-Key');
  });
});

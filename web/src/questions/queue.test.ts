import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/contract/resources.ts';
import { countdown, nextAfter, ordered, shareLeft, withQuestion } from './queue.ts';

const question = (id: string, asked: number, state: Question['state'] = 'open'): Question => ({
  id,
  run_id: `run-${id}`,
  project: 'web-app',
  run_title: 'Title',
  state,
  items: [],
  answers: null,
  answered_by: null,
  asked_at: new Date(asked).toISOString(),
  expires_at: new Date(asked + 300_000).toISOString(),
  answered_at: null,
});
const ids = (queue: readonly Question[]) => queue.map(({ id }) => id);

describe('the queue of questions', () => {
  it('is by age, with those whose time runs before those that are parked', () => {
    expect(ids(ordered([question('p', 1, 'parked'), question('b', 3), question('a', 2), question('x', 0, 'answered')]))).toEqual([
      'a',
      'b',
      'p',
    ]);
  });

  it('follows one question through its states', () => {
    let queue = withQuestion([question('a', 1)], question('b', 2));
    expect(ids(queue)).toEqual(['a', 'b']);
    queue = withQuestion(queue, question('a', 1, 'parked'));
    expect(ids(queue)).toEqual(['b', 'a']);
    queue = withQuestion(queue, question('b', 2, 'answered'));
    expect(ids(queue)).toEqual(['a']);
    expect(ids(withQuestion(queue, question('a', 1, 'expired')))).toEqual([]);
  });

  it('tells the same message twice without a second entry', () => {
    expect(ids(withQuestion([question('a', 1)], question('a', 1)))).toEqual(['a']);
  });

  it('goes around', () => {
    const queue = [question('a', 1), question('b', 2)];
    expect([nextAfter(queue, 'a'), nextAfter(queue, 'b'), nextAfter(queue, 'gone')]).toEqual(['b', 'a', 'a']);
    expect(nextAfter([question('a', 1)], 'a')).toBeNull();
    expect(nextAfter([], 'a')).toBeNull();
  });
});

describe('the time left', () => {
  it('is counted down to zero and not below', () => {
    const { expires_at } = question('a', 0);
    expect([0, 47_500, 299_001, 300_000, 900_000].map((now) => countdown(expires_at, now))).toEqual([
      '5:00',
      '4:13',
      '0:01',
      '0:00',
      '0:00',
    ]);
    expect(countdown(new Date(3_852_000).toISOString(), 0)).toBe('1:04:12');
  });

  it('is a share between one and nothing', () => {
    const asked = question('a', 0);
    expect([-5, 0, 150_000, 400_000].map((now) => shareLeft(asked, now))).toEqual([1, 1, 0.5, 0]);
  });
});

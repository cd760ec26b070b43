import { describe, expect, it } from 'vitest';
import { parseScript } from './script.ts';

describe('the script of the fake agent', () => {
  it.each([
    ['write a/b.txt two words\\nnext', { kind: 'write', file: 'a/b.txt', text: 'two words\nnext' }],
    ['commit Add it', { kind: 'commit', message: 'Add it' }],
    ['ask DB | Which? | A | B', { kind: 'ask', many: false, header: 'DB', question: 'Which?', options: ['A', 'B'] }],
    ['sleep 0.5', { kind: 'sleep', ms: 500 }],
    ['fail rate_limited 1700', { kind: 'fail', outcome: 'rate_limited', untilMs: 1700 }],
    ['structured {"a":1}', { kind: 'structured', value: { a: 1 } }],
    ['todo one, two', { kind: 'todo', items: ['one', 'two'] }],
    ['cost 0.25', { kind: 'cost', usd: 0.25 }],
    ['exit 3', { kind: 'exit', code: 3 }],
  ])('understands %s', (line, order) => {
    expect(parseScript(line)).toEqual([order]);
  });

  it('passes over prose, and over orders that are not whole', () => {
    expect(parseScript('Please help.\nwrite\nfail nonsense\nsleep well\nask only | one\nstructured {no\nhang on')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { leadingObject, positionOf } from './conversation.ts';
import type { Message } from './request.ts';

const at = (...messages: Message[]) => positionOf({ model: 'm', messages });
const user = (text: string): Message => ({ role: 'user', content: text });
const assistant = (text: string): Message => ({ role: 'assistant', content: text });

describe('where a conversation stands', () => {
  it('counts the answers since the last marker', () => {
    expect(at(user('SCENARIO:one'), assistant('a'), user('x'), assistant('b'))).toMatchObject({ scenario: 'one', step: 2 });
    expect(at(user('SCENARIO:one'), assistant('a'), user('SCENARIO:two'), assistant('b'))).toMatchObject({ scenario: 'two', step: 1 });
  });

  it('does not count system messages and synthetic answers', () => {
    expect(at(user('SCENARIO:one'), { role: 'system', content: 's' }, assistant('No response requested.'), assistant('a'))).toMatchObject({
      step: 1,
    });
  });

  it('does not obey markers in tool results, reminders and its own words', () => {
    const result: Message = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'SCENARIO:evil' }] };
    const reminder = user('<system-reminder>SCENARIO:evil</system-reminder>');
    expect(at(user('SCENARIO:good'), assistant('SCENARIO:evil'), result, reminder).scenario).toBe('good');
  });

  it('reads arguments and the step to begin at', () => {
    expect(at(user('do SCENARIO:edit@3{"file":"a}b","n":{"x":1}} please'))).toMatchObject({
      step: 3,
      args: { file: 'a}b', n: { x: 1 } },
      compacted: true,
    });
  });

  it('falls back to the newest words of a person', () => {
    expect(at(user('first'), assistant('a'), user('second'))).toMatchObject({ scenario: 'default', step: 0, lastText: 'second' });
  });

  it('answers a wish for a summary with the marker to go on from', () => {
    expect(
      at(user('SCENARIO:one'), assistant('a'), user('Your task is to create a detailed summary of the conversation so far')),
    ).toMatchObject({
      scenario: 'summary',
      args: { of: 'one' },
    });
  });

  it('takes no prose for arguments', () => {
    expect(leadingObject('{not json}')).toEqual({});
    expect(leadingObject('{"open": 1')).toEqual({});
    expect(leadingObject(' {"a":1}')).toEqual({});
  });
});

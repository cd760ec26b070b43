import { describe, expect, it } from 'vitest';
import { addressOf, readPush } from './push-message.ts';

const run = 'a'.repeat(32);

describe('a push message', () => {
  it('is read as the server writes it', () => {
    expect(readPush(JSON.stringify({ title: 'Review: Fix it', run_id: run, tag: 'gluon-7' }))).toEqual({
      title: 'Review: Fix it',
      run_id: run,
      tag: 'gluon-7',
    });
  });

  it.each(['', 'no json', 'null', '[]', '{"title":5,"run_id":"../../evil","tag":{}}'])(
    'of anybody else (%j) shows nothing of theirs',
    (text) => {
      expect(readPush(text)).toEqual({ title: 'Something happened in Gluon', run_id: null, tag: 'gluon' });
    },
  );

  it('leads inside the page, whatever it carries', () => {
    expect(addressOf({ run_id: run })).toBe(`/runs/${run}`);
    for (const data of [null, undefined, {}, { run_id: 'https://example.org' }, { run_id: `${run}/../..` }, 'x'])
      expect(addressOf(data)).toBe('/');
  });

  it('is cut where it would be endless', () => {
    expect(readPush(JSON.stringify({ title: 'x'.repeat(5_000) })).title).toHaveLength(200);
  });
});

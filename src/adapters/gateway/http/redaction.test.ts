import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redaction } from './redaction.ts';

const SECRET = 'sssecret-key-ss';

function through(pieces: Buffer[], secrets: string[]): string {
  const filter = redaction(secrets);
  const out = pieces.map((piece) => Buffer.from(filter.push(piece)));
  return Buffer.concat([...out, filter.end()]).toString('latin1');
}

it('hides a secret wherever it stands and however it is cut; all else passes unchanged and in length', () => {
  const word = fc.constantFrom('s', 'ss', 'sss', SECRET, SECRET.slice(0, 9), 'other ', '\n', SECRET.slice(3));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 12 }), (words, cuts) => {
      const bytes = Buffer.from(words.join(''));
      const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
      const text = through(pieces, [SECRET]);
      expect(text).toBe(bytes.toString('latin1').replaceAll(SECRET, '*'.repeat(SECRET.length)));
    }),
    { numRuns: 500 },
  );
});

it('passes everything on at once when nothing could begin a secret', () => {
  const filter = redaction([SECRET]);
  const chunk = Buffer.from('data: {"type":"ping"}\n\n');
  expect(filter.push(chunk)).toBe(chunk);
});

it('takes short values for no secrets', () => {
  expect(through([Buffer.from('abc abc')], ['abc', ''])).toBe('abc abc');
});

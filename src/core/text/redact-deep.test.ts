import { expect, it } from 'vitest';
import { redactDeep } from './redact-deep.ts';

const redact = (text: string): string => text.replaceAll('secret', '[redacted]');

it('takes secrets out of every string and key, and leaves the rest as it is', () => {
  const bytes = new Uint8Array([1]);
  expect(redactDeep({ a: 'my secret', 'secret key': [1, null, { deep: 'secret' }], bytes, ok: true }, redact)).toEqual({
    a: 'my [redacted]',
    '[redacted] key': [1, null, { deep: '[redacted]' }],
    bytes,
    ok: true,
  });
});

it('does not follow a structure that nests without end', () => {
  let value: unknown = 'secret';
  for (let depth = 0; depth < 10_000; depth += 1) value = [value];
  expect(JSON.stringify(redactDeep(value, redact))).toContain('[too deep]');
});

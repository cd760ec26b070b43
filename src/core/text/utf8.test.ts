import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteDecoder, decodeBytes } from './utf8.ts';

describe('byteDecoder', () => {
  it('gives well-formed text back as it was', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeBytes(new TextEncoder().encode(text)) === text));
  });

  it('gives the same text wherever the bytes are cut (fault 34)', () => {
    const hostile = fc.uint8Array({ maxLength: 60 });
    const mixed = fc
      .array(
        fc.oneof(
          hostile,
          fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => new TextEncoder().encode(text)),
        ),
      )
      .map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));
    fc.assert(
      fc.property(mixed, fc.array(fc.nat(60), { maxLength: 8 }), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((one, other) => one - other), bytes.length];
        const decoder = byteDecoder();
        let text = '';
        for (let index = 1; index < places.length; index += 1) text += decoder.push(bytes.subarray(places[index - 1], places[index]));
        expect(text + decoder.end()).toBe(decodeBytes(bytes));
      }),
    );
  });

  it('shows each byte that is no text', () => {
    expect(decodeBytes(Uint8Array.of(0x61, 0xff, 0x62, 0xc3))).toBe('a\\xffb\\xc3');
    // A surrogate and an overlong form are not UTF-8.
    expect(decodeBytes(Uint8Array.of(0xed, 0xa0, 0x80, 0xc0, 0xaf))).toBe('\\xed\\xa0\\x80\\xc0\\xaf');
    expect(decodeBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x00))).toBe('\ufeff\u0000');
  });
});

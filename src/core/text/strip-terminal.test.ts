import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripTerminal } from './strip-terminal.ts';
import { visibleText } from './visible.ts';

/** Control and format characters but newline and tab: general categories Cc and Cf, as far as a terminal obeys them. */
const CONTROLS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

/** Time of the processor, the best of three: the machine may have other work. */
function fastestMs(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe('stripTerminal (threat 37)', () => {
  it.each([
    ['colour', 'a\u001b[31;1mb\u001b[0m', 'ab'],
    ['8-bit colour', 'a\u009b31mb', 'ab'],
    ['title by BEL', 'a\u001b]0;owned\u0007b', 'ab'],
    ['title by ST', 'a\u001b]0;owned\u001b\\b', 'ab'],
    ['8-bit title', 'a\u009d0;owned\u009cb', 'ab'],
    ['clipboard write', 'a\u001b]52;c;ZXZpbA==\u0007b', 'ab'],
    ['hyperlink', '\u001b]8;;https://evil.test\u0007click\u001b]8;;\u0007', 'click'],
    ['device control string', 'a\u001bP+q544e\u001b\\b', 'ab'],
    ['8-bit device control string', 'a\u0090+q544e\u009cb', 'ab'],
    ['application command', 'a\u001b_Gpayload\u001b\\b', 'ab'],
    ['privacy message', 'a\u001b^x\u001b\\b', 'ab'],
    ['start of string', 'a\u001bXx\u001b\\b', 'ab'],
    ['character set', 'a\u001b(0b', 'ab'],
    ['reset', 'a\u001bcb', 'ab'],
    ['carriage return that rewrites a line', 'rm -rf /\rls', 'rm -rf /ls'],
    ['line end of two characters', 'a\r\nb', 'a\nb'],
    ['backspaces', 'a\u0008\u0008b', 'ab'],
    ['null and bell', 'a\u0000\u0007b', 'ab'],
    ['a string cut by a newline', 'a\u001b]0;owned\nnext', 'a\nnext'],
    ['nested introducers', 'a\u001b\u001b[31mb', 'ab'],
    ['bidirectional override', 'a\u202eb', 'a<U+202E>b'],
    ['tabs, newlines and letters of all kinds', 'a\tb\nä😀', 'a\tb\nä😀'],
  ])('%s', (_what, hostile, shown) => {
    expect(stripTerminal(hostile)).toBe(shown);
  });

  it('leaves no control character, whatever comes', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\u001b',
        '\u001b[',
        '\u001b]',
        '\u001bP',
        '\u009b',
        '\u009d',
        '\u009c',
        '\u0007',
        '\u001b\\',
        ';',
        '31m',
        '\r',
        '\n',
        '\u202e',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const shown = stripTerminal(pieces.join(''));
        expect(shown).not.toMatch(CONTROLS);
        expect(stripTerminal(shown)).toBe(shown);
      }),
    );
  });

  it('takes linear time on text made to be slow (threat 47)', () => {
    for (const unit of ['\u001b]', '\u001b[', '\u001bP', '\u009d0;', '\u001b[31;', '\u202e', 'a']) {
      const text = unit.repeat(Math.ceil(2_000_000 / unit.length));
      const megabytes = new TextEncoder().encode(text).length / 1e6;
      expect(fastestMs(() => stripTerminal(text)) / megabytes, JSON.stringify(unit)).toBeLessThan(50);
    }
  });
});

describe('visibleText', () => {
  it.each([
    ['zero width', 'a\u200bb\u200d', 'a<U+200B>b<U+200D>'],
    ['hidden ASCII in tags', 'a\u{e0041}\u{e007f}', 'a<U+E0041><U+E007F>'],
    ['bidirectional', '\u2066x\u2069', '<U+2066>x<U+2069>'],
    ['byte order mark and soft hyphen', '\ufeffa\u00adb', '<U+FEFF>a<U+00AD>b'],
    ['bytes hidden in variation selectors', '😀\u{e0150}', '😀<U+E0150>'],
    ['what is visible', 'Ä 日本 😀️ \n', 'Ä 日本 😀️ \n'],
  ])('%s', (_what, hidden, shown) => {
    expect(visibleText(hidden)).toBe(shown);
  });
});

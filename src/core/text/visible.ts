import { isBidi, named } from './strip-terminal.ts';

/**
 * Shows characters that a reader cannot see but a model or a compiler obeys: zero-width characters, bidirectional controls, tag
 * characters (which spell hidden ASCII), variation selectors beyond the emoji ones, and fillers. Each becomes its name, `<U+200B>`.
 */
export function visibleText(text: string): string {
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const length = code > 0xffff ? 2 : 1;
    if (code >= 0xad && isHidden(code)) {
      out += text.slice(from, at) + named(code);
      from = at + length;
    }
    at += length;
  }
  return from === 0 ? text : out + text.slice(from);
}

function isHidden(code: number): boolean {
  if (isBidi(code)) return true;
  // Zero width space, non-joiner and joiner; word joiner and invisible operators; deprecated format characters.
  if ((code >= 0x200b && code <= 0x200d) || (code >= 0x2060 && code <= 0x206f) || code === 0xfeff || code === 0xad) return true;
  // Combining grapheme joiner, Hangul, Khmer and Mongolian fillers, interlinear annotation.
  if (code === 0x034f || code === 0x115f || code === 0x1160 || code === 0x17b4 || code === 0x17b5) return true;
  if ((code >= 0x180b && code <= 0x180f) || code === 0x3164 || code === 0xffa0 || (code >= 0xfff9 && code <= 0xfffb)) return true;
  // Tags, and the supplementary variation selectors, which can carry arbitrary bytes.
  return (code >= 0xe0000 && code <= 0xe0fff) || (code >= 0xfe00 && code <= 0xfe0d);
}

/** How many columns a text takes in a terminal. */

/** What `style` writes. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const PLAIN = /^[\x20-\x7e]*$/;
/** Wide and full-width ranges of Unicode's EastAsianWidth.txt, by block. */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f\u20e3)/u;
/** Marks that sit on the character before them, and characters that take no room. */
const NO_ROOM = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
let segmenter: Intl.Segmenter | undefined;

/** Made when the first text beyond ASCII comes: it costs milliseconds of every start. */
function graphemesOf(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Colour sequences count nothing; a wide character or an emoji counts two. */
export function displayWidth(text: string): number {
  const bare = text.replace(ANSI, '');
  if (PLAIN.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of graphemesOf(bare)) width += graphemeWidth(segment);
  return width;
}

/** Cuts an unpainted text to `columns`, with an ellipsis when something is left out. Never cuts through a character. */
export function cutToWidth(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const { segment } of graphemesOf(text)) {
    const next = width + graphemeWidth(segment);
    if (next > columns - 1) break;
    kept += segment;
    width = next;
  }
  return `${kept}…`;
}

export function padToWidth(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const room = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return side === 'left' ? text + room : room + text;
}

function graphemeWidth(grapheme: string): number {
  if (NO_ROOM.test(grapheme)) return 0;
  return EMOJI.test(grapheme) || WIDE.test(grapheme) ? 2 : 1;
}

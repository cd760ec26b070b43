/** Characters that a reader cannot see, or that change the order of others, are shown by name: what is read is what is there. */

/** Controls, marks of writing direction, blanks without width, separators that break lines. Tabs stay, and what joins letters. */
const HIDDEN_IN_CODE = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
/** In names everything that is not drawn, and every blank that is not the common one. */
const HIDDEN_IN_NAMES = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** A name of a file or a branch, one line, every character to be seen: `a\u{202e}b`. */
export function visibleName(name: string): string {
  return name.replace(HIDDEN_IN_NAMES, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

export interface Hidden {
  /** Place in the text, UTF-16 units. */
  readonly at: number;
  readonly length: number;
  /** `U+202E` */
  readonly name: string;
}

/** What cannot be seen in a line of code, in its order. */
export function hiddenIn(line: string): Hidden[] {
  return Array.from(line.matchAll(HIDDEN_IN_CODE), (found) => ({
    at: found.index,
    length: found[0].length,
    name: `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  }));
}

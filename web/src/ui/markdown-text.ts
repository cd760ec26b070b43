/** What is decided about Markdown before it is drawn. Pure. */

/** Longer text is shown as it is written: laying it out would hold the page up. */
const LONGEST = 100_000;
/** Nesting beyond anybody's wish: quotes and lists in each other cost their square. */
const DEEP = /^[ \t>*+-]{160,}|(?:[[(*_~`]{80,})/m;

export function isPlain(text: string): boolean {
  return text.length > LONGEST || DEEP.test(text);
}

/** Only these leave the page, in a new window; everything else is text. */
export function safeLink(address: string): string | null {
  return /^(?:https?:\/\/|mailto:)/i.test(address) && URL.canParse(address) ? address : null;
}

/** Text that still grows: `[what will not change any more, the rest]`, cut where a block ends outside of a fence. */
export function splitGrowing(text: string): [string, string] {
  let fence = '';
  let cut = 0;
  let at = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '') {
      if (mark !== '') fence = mark;
      // A list or a quote may go on behind an empty line: only what begins at the margin begins anew.
      else if (line === '' && at > 0) cut = startsBlock(text, at + 1) ? at + 1 : cut;
    } else if (mark.startsWith(fence) && line.trim() === mark) fence = '';
    at += line.length + 1;
  }
  return [text.slice(0, cut), text.slice(cut)];
}

function startsBlock(text: string, at: number): boolean {
  return at < text.length && !/[\s*+>|\d-]/.test(text.charAt(at));
}

/** Which word of a prompt asks for completion, and what putting one in makes of the prompt. Pure. */

export interface CompletionToken {
  /** `command`: a slash at the very beginning. `file`: an at sign at the beginning of a word. */
  readonly kind: 'command' | 'file';
  /** Place of the sign. */
  readonly from: number;
  /** End of the word, which may lie behind the caret. */
  readonly to: number;
  /** What stands between the sign and the caret. */
  readonly query: string;
}

const LONGEST_QUERY = 200;

/** The word in which the caret stands; null: it asks for nothing. */
export function completionAt(text: string, caret: number): CompletionToken | null {
  let from = caret;
  while (from > 0 && !isSpace(text.charAt(from - 1)) && caret - from <= LONGEST_QUERY) from -= 1;
  // `(@file` and `"@file` are words as well.
  while (from < caret && /["'(`[]/.test(text.charAt(from))) from += 1;
  const sign = text.charAt(from);
  const first = sign === '/' && text.slice(0, from).trim() === '';
  if ((!first && sign !== '@') || caret <= from || caret - from > LONGEST_QUERY) return null;
  let to = caret;
  while (to < text.length && !isSpace(text.charAt(to))) to += 1;
  return { kind: first ? 'command' : 'file', from, to, query: text.slice(from + 1, caret) };
}

/** The prompt with the chosen word in it, a space behind it, and where the caret stands then. */
export function complete(text: string, token: CompletionToken, word: string): { text: string; caret: number } {
  const sign = token.kind === 'command' ? '/' : '@';
  const rest = text.slice(token.to);
  const put = `${sign}${word}${/^\s/.test(rest) ? '' : ' '}`;
  const caret = token.from + put.length + (put.endsWith(' ') ? 0 : 1);
  return { text: text.slice(0, token.from) + put + rest, caret };
}

/** Where commands and files stand in a prompt, for their ground; nothing of a prompt too long to be drawn twice. */
export function mentions(text: string): [number, number][] {
  if (text.length > 20_000) return [];
  const found: [number, number][] = [];
  const command = /^\s*(\/[\w:.-]+)(?=\s|$)/.exec(text);
  if (command?.[1] !== undefined) found.push([command[0].length - command[1].length, command[0].length]);
  for (const match of text.matchAll(/(?<=^|[\s("'`[])@[\w./-]*[\w/]/g)) found.push([match.index, match.index + match[0].length]);
  return found;
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}

/** The lines of a Markdown text that are its author's own plain words: no code fences, no indented code, no quotes. */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** In order. A fence that is never closed goes on to the end, as in CommonMark. Takes time linear in the text. */
export function* plainLines(text: string): Generator<string> {
  let fence: string | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== null) {
      // It is closed by its own character, at least as often, and nothing behind it.
      if (mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark) fence = null;
      continue;
    }
    if (mark !== undefined && !(mark[0] === '`' && line.indexOf('`', line.indexOf(mark) + mark.length) >= 0)) {
      fence = mark;
      continue;
    }
    if (/^(?: {4}|\t)/.test(line) || /^\s*>/.test(line)) continue;
    yield line;
  }
}

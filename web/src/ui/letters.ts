/** Finding what a person means by a few letters, and where to make them bold. */

/** [start, end) in UTF-16 units, ascending, not touching. */
export type Mark = readonly [number, number];

/**
 * Where the letters of `query` stand in `text`: whole at the beginning of a word, else whole anywhere, else one after another.
 * Null: not all of them are there. An empty query is found everywhere, without marks.
 */
export function findLetters(text: string, query: string): readonly Mark[] | null {
  if (query === '') return [];
  const [hay, needle] = [text.toLowerCase(), query.toLowerCase()];
  // Lower case may be longer in a few scripts: then places would not fit.
  if (hay.length !== text.length) return hay.includes(needle) ? [] : null;
  const whole = atWord(hay, needle) ?? hay.indexOf(needle);
  if (whole >= 0) return [[whole, whole + needle.length]];
  const marks: [number, number][] = [];
  let from = 0;
  for (const letter of needle) {
    const at = hay.indexOf(letter, from);
    if (at < 0) return null;
    from = at + letter.length;
    const last = marks.at(-1);
    if (last?.[1] === at) last[1] = from;
    else marks.push([at, from]);
  }
  return marks;
}

/** Lower is better: the fewer pieces, the earlier, the shorter the text. Null: not found. Without a query all are alike. */
export function rankLetters(text: string, query: string): number | null {
  const marks = findLetters(text, query);
  if (marks === null) return null;
  if (query === '') return 0;
  return marks.length * 10_000 + Math.min(marks[0]?.[0] ?? 0, 99) * 100 + Math.min(text.length, 99);
}

function atWord(hay: string, needle: string): number | null {
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(hay.charAt(at - 1))) return at;
  }
  return null;
}

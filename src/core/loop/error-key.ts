/** One error told twice is one error, whatever its time stamp, line number or temporary path. */

const COMPARED = 200;
/** Sentences that name errors and say that there are none. */
const NO_ERROR =
  /\b(?:0|no|zero|without(?: any)?) (?:errors?|failures?|problems?|warnings?)\b|["']?is_error["']?\s*[:=]\s*false|\berrors?["']?\s*[:=]\s*(?:0\b|\[\]|null\b|none\b|false\b)|\bfailed["']?\s*[:=]\s*0\b|\b0 failed\b/gi;

/**
 * What two tellings of one error have in common: case, numbers, paths, times and hexadecimal are removed, and the first 200 characters are
 * left. Null when the text says that there was none. Not hashed: it is short, and a person can read it.
 */
export function errorKey(text: string): string | null {
  const told = text.slice(0, 20_000).replace(NO_ERROR, ' ');
  const key = told
    .toLowerCase()
    .replace(/\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:z|[+-]\d{2}:?\d{2})?/g, ' ')
    .replace(/\b\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\b/g, ' ')
    .replace(/(?:[a-z]:)?(?:[./~\\]*[\w@.+-]*[/\\])+[\w@.+-]*/g, ' ')
    .replace(/\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{7,}\b/g, ' ')
    .replace(/\d+(?:\.\d+)?/g, ' ')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
    .slice(0, COMPARED);
  if (key !== '') return key;
  // Only numbers, or a path: still an error, although nothing tells it from its like.
  return /[\p{L}\p{N}]/u.test(told) ? '#' : null;
}

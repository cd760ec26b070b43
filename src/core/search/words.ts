/** Search in what was recorded: what of a record is to be found, what a query asks for, and what is shown of a hit. */

/** Of one record so much is indexed: enough to find it again, and a bound on what one record costs. */
const MAX_INDEXED = 4_000;
const TEXT_TYPES: ReadonlySet<string> = new Set(['user', 'text', 'error']);

/** The text of a record that people would look for; null when there is none. Results of tools are not indexed: they are mostly files. */
export function searchableText(record: Readonly<Record<string, unknown>> & { type: string }): string | null {
  const text = textOf(record);
  return text === null || text.trim() === '' ? null : text.slice(0, MAX_INDEXED);
}

function textOf(record: Readonly<Record<string, unknown>> & { type: string }): string | null {
  if (TEXT_TYPES.has(record.type)) return typeof record.text === 'string' ? record.text : null;
  if (record.type === 'tool_use') return typeof record.summary === 'string' ? `${String(record.name)} ${record.summary}` : null;
  if (record.type !== 'question' || !Array.isArray(record.items)) return null;
  return record.items.map((item) => String((item as { question?: unknown }).question ?? '')).join('\n');
}

const MOST_WORDS = 12;

/** Words of a query, folded; parts without a letter or a digit ask for nothing. */
export function searchWords(query: string): string[] {
  const words = query.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return [...new Set(words.map((word) => fold(word).text))].slice(0, MOST_WORDS);
}

export interface Snippet {
  readonly text: string;
  /** [start, end), in UTF-16 units. */
  readonly marks: [number, number][];
}

/** One line around the first of the words, with all places of them in it. */
export function snippetOf(text: string, words: readonly string[], maxLength = 160): Snippet {
  const line = text.replace(/\s+/g, ' ').trim();
  const places = placesOf(line, words);
  const first = places[0]?.[0] ?? 0;
  const from = wholeFrom(line, Math.max(0, Math.min(first - Math.floor(maxLength / 3), line.length - maxLength)));
  const to = wholeFrom(line, Math.min(line.length, from + maxLength));
  const before = from > 0 ? '…' : '';
  const marks = places
    .filter(([start, end]) => start >= from && end <= to)
    .map(([start, end]): [number, number] => [start - from + before.length, end - from + before.length]);
  return { text: `${before}${line.slice(from, to)}${to < line.length ? '…' : ''}`, marks };
}

/** Never between the two halves of a character. */
function wholeFrom(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

function placesOf(line: string, words: readonly string[]): [number, number][] {
  const { text, starts } = fold(line);
  const places: [number, number][] = [];
  for (const word of words) {
    if (word === '') continue;
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      places.push([starts[at] ?? 0, starts[at + word.length] ?? line.length]);
    }
  }
  places.sort(([one], [other]) => one - other);
  // Words within words: the marks must not overlap.
  return places.filter(([start], index) => index === 0 || start >= (places[index - 1]?.[1] ?? 0));
}

/** Lower case without accents, as the index sees it; `starts[i]` is where the folded character i stood. */
function fold(line: string): { text: string; starts: number[] } {
  const parts: string[] = [];
  const starts: number[] = [];
  let at = 0;
  for (const letter of line) {
    const folded = letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    parts.push(folded);
    for (let unit = 0; unit < folded.length; unit += 1) starts.push(at);
    at += letter.length;
  }
  return { text: parts.join(''), starts };
}

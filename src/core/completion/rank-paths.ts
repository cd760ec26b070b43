/** Completion of file names by some of their letters, best first. */

export interface PathList {
  readonly paths: readonly string[];
  /** The same in lower case, made once for many queries. */
  readonly lower: readonly string[];
}

export function pathList(paths: readonly string[]): PathList {
  return { paths, lower: paths.map((path) => path.toLowerCase()) };
}

/** How well a path fits; the order of magnitude says how it does: in the name, in the path, or letter by letter. */
const IN_NAME = 3_000;
const IN_PATH = 2_000;
const BY_LETTERS = 1_000;
const AT_START = 400;
const WHOLE_NAME = 300;
const WHOLE_WORD = 100;
const PER_BOUNDARY = 40;
const PER_GAP = 12;

/** The best `limit` of them; equally good ones by length, then by alphabet. Case and spaces of the query do not count. */
export function rankPaths(list: PathList, query: string, limit: number): string[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (wanted === '') return list.paths.slice(0, limit);
  const best: { index: number; score: number }[] = [];
  const better = (one: { index: number; score: number }, other: { index: number; score: number }): number =>
    other.score - one.score || compare(list.paths[one.index] ?? '', list.paths[other.index] ?? '');
  // Sorted now and then, not after each: most paths are worse than what is there.
  let least = 0;
  for (const [index, path] of list.lower.entries()) {
    const score = scoreOf(path, wanted);
    if (score <= least) continue;
    best.push({ index, score });
    if (best.length < limit * 4 + 64) continue;
    best.sort(better);
    best.length = limit;
    least = (best.at(-1)?.score ?? 1) - 1;
  }
  return best
    .sort(better)
    .slice(0, limit)
    .map(({ index }) => list.paths[index] ?? '');
}

function compare(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : 1;
}

/** 0: it does not fit. Both in lower case. */
function scoreOf(path: string, wanted: string): number {
  const name = path.lastIndexOf('/') + 1;
  const inName = path.indexOf(wanted, name);
  if (inName >= 0) return IN_NAME + nameBonus(path, name, inName, wanted.length) - Math.min(path.length, 255);
  const inPath = path.indexOf(wanted);
  if (inPath >= 0) return IN_PATH + (isBoundary(path, inPath) ? AT_START : 0) - Math.min(path.length, 255);
  return byLetters(path, wanted);
}

function nameBonus(path: string, name: number, at: number, length: number): number {
  if (at > name) return isBoundary(path, at) ? PER_BOUNDARY : 0;
  const rest = path.slice(at + length);
  if (rest === '' || /^\.[^./]*$/.test(rest)) return AT_START + WHOLE_NAME;
  return AT_START + (/^[._-]/.test(rest) ? WHOLE_WORD : 0);
}

/** All letters in order, from the end: names are what people remember of a path. */
function byLetters(path: string, wanted: string): number {
  let score = BY_LETTERS;
  let at = path.length;
  for (let letter = wanted.length - 1; letter >= 0; letter -= 1) {
    const found = path.lastIndexOf(wanted[letter] ?? '', at - 1);
    if (found < 0 || at === 0) return 0;
    if (isBoundary(path, found)) score += PER_BOUNDARY;
    if (letter < wanted.length - 1 && found !== at - 1) score -= PER_GAP;
    at = found;
  }
  return Math.max(1, score - Math.min(path.length, 255));
}

function isBoundary(path: string, at: number): boolean {
  return at === 0 || '/._-'.includes(path[at - 1] ?? '');
}

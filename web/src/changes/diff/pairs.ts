/** Which removed line became which added one: for the two sides of a split diff, and for marks on the words that changed. */
import type { DiffLine, Hunk } from './parse.ts';

export interface Pair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
}

/** Beyond this many comparisons in one block, lines are paired by their order. */
const MOST_COMPARISONS = 400;
const LONGEST_COMPARED = 300;
/** Lines that share less than this part of their words are different lines. */
const LEAST_ALIKE = 0.4;

const cache = new WeakMap<
  Hunk,
  { readonly lines: number; readonly pairs: readonly Pair[]; readonly partner: ReadonlyMap<DiffLine, DiffLine> }
>();

/** The rows of a split diff. */
export function pairsOf(hunk: Hunk): readonly Pair[] {
  return paired(hunk).pairs;
}

/** The line on the other side that this changed line came from or became; undefined when there is none. */
export function partnerOf(hunk: Hunk, line: DiffLine): DiffLine | undefined {
  return paired(hunk).partner.get(line);
}

function paired(hunk: Hunk) {
  const known = cache.get(hunk);
  if (known !== undefined && known.lines === hunk.lines.length) return known;
  const pairs: Pair[] = [];
  const partner = new Map<DiffLine, DiffLine>();
  for (let at = 0; at < hunk.lines.length; ) {
    const line = hunk.lines[at];
    if (line === undefined) break;
    if (line.kind === 'same') {
      pairs.push({ left: line, right: line });
      at += 1;
      continue;
    }
    const removed = run(hunk.lines, at, 'del');
    const added = run(hunk.lines, at + removed.length, 'add');
    at += removed.length + added.length;
    for (const pair of block(removed, added)) {
      pairs.push(pair);
      if (pair.left !== null && pair.right !== null) {
        partner.set(pair.left, pair.right);
        partner.set(pair.right, pair.left);
      }
    }
  }
  const made = { lines: hunk.lines.length, pairs, partner };
  cache.set(hunk, made);
  return made;
}

function run(lines: readonly DiffLine[], from: number, kind: DiffLine['kind']): DiffLine[] {
  let end = from;
  while (lines[end]?.kind === kind) end += 1;
  return lines.slice(from, end);
}

function block(removed: readonly DiffLine[], added: readonly DiffLine[]): Pair[] {
  if (removed.length === 0 || added.length === 0) return side(removed, added);
  if (removed.length * added.length > MOST_COMPARISONS) return side(removed, added);
  const matches = alike(removed, added);
  const pairs: Pair[] = [];
  let [left, right] = [0, 0];
  for (const [nextLeft, nextRight] of [...matches, [removed.length, added.length] as const]) {
    // What lies between two matched lines is set side by side: it takes less room, and stays in order.
    pairs.push(...side(removed.slice(left, nextLeft), added.slice(right, nextRight)));
    const [from, to] = [removed[nextLeft], added[nextRight]];
    if (from !== undefined && to !== undefined) pairs.push({ left: from, right: to });
    [left, right] = [nextLeft + 1, nextRight + 1];
  }
  return pairs;
}

function side(removed: readonly DiffLine[], added: readonly DiffLine[]): Pair[] {
  return Array.from({ length: Math.max(removed.length, added.length) }, (_, index) => ({
    left: removed[index] ?? null,
    right: added[index] ?? null,
  }));
}

/** Pairs of indices in rising order whose lines are most alike in all. */
function alike(removed: readonly DiffLine[], added: readonly DiffLine[]): [number, number][] {
  const [olds, news] = [removed.map(wordsOf), added.map(wordsOf)];
  const width = added.length + 1;
  const best = new Float64Array((removed.length + 1) * width);
  const score = new Float64Array(removed.length * added.length);
  for (let i = removed.length - 1; i >= 0; i -= 1) {
    for (let j = added.length - 1; j >= 0; j -= 1) {
      const likeness = shared(olds[i], news[j]);
      score[i * added.length + j] = likeness;
      const taken = likeness >= LEAST_ALIKE ? likeness + (best[(i + 1) * width + j + 1] ?? 0) : 0;
      best[i * width + j] = Math.max(taken, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0);
    }
  }
  const found: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < removed.length && j < added.length) {
    const here = best[i * width + j] ?? 0;
    const likeness = score[i * added.length + j] ?? 0;
    if (likeness >= LEAST_ALIKE && here === likeness + (best[(i + 1) * width + j + 1] ?? 0)) {
      found.push([i, j]);
      [i, j] = [i + 1, j + 1];
    } else if (here === best[(i + 1) * width + j]) i += 1;
    else j += 1;
  }
  return found;
}

interface Words {
  readonly set: ReadonlySet<string>;
  readonly text: string;
}

function wordsOf(line: DiffLine): Words {
  const text = line.text.trim();
  return { text, set: new Set(text.length > LONGEST_COMPARED ? [] : (text.match(/[\p{L}\p{N}_]+/gu) ?? [])) };
}

function shared(left: Words | undefined, right: Words | undefined): number {
  if (left === undefined || right === undefined) return 0;
  if (left.text === right.text) return 1;
  if (left.set.size === 0 || right.set.size === 0) return 0;
  let both = 0;
  for (const word of left.set) if (right.set.has(word)) both += 1;
  return (2 * both) / (left.set.size + right.set.size);
}

/** Finds many fixed strings in one pass (Aho and Corasick, 1975), as a complete table: one step per character, whatever the text. */

export interface MultiMatcher {
  /** State after the character; the state before the first one is 0. */
  next(state: number, code: number): number;
  /** Length of the longest string that ends at this state; 0 when none does. */
  matched(state: number): number;
  /** How many of the last characters may be the beginning of a match. */
  depth(state: number): number;
}

export function multiMatcher(words: readonly string[]): MultiMatcher {
  const { classes, count } = characterClasses(words);
  const width = count + 1;
  const states = words.reduce((sum, word) => sum + word.length, 1);
  const table = new Int32Array(states * width);
  const matched = new Int32Array(states);
  const depth = new Int32Array(states);
  let used = 1;
  for (const word of words) {
    let state = 0;
    for (let at = 0; at < word.length; at += 1) {
      const cell = state * width + (classes[word.charCodeAt(at)] ?? 0);
      if (table[cell] === 0) {
        table[cell] = used;
        depth[used] = at + 1;
        used += 1;
      }
      state = table[cell] ?? 0;
    }
    matched[state] = word.length;
  }
  addFailures(table, matched, width, used);
  return {
    next: (state, code) => table[state * width + (classes[code] ?? 0)] ?? 0,
    matched: (state) => matched[state] ?? 0,
    depth: (state) => depth[state] ?? 0,
  };
}

/** Characters of the words, from 1; all others are class 0, which leads to the start. */
function characterClasses(words: readonly string[]): { classes: Uint16Array; count: number } {
  const classes = new Uint16Array(0x1_0000);
  let count = 0;
  for (const word of words) {
    for (let at = 0; at < word.length; at += 1) {
      const code = word.charCodeAt(at);
      if (classes[code] !== 0) continue;
      count += 1;
      classes[code] = count;
    }
  }
  return { classes, count };
}

/** Breadth first: where a state has no step of its own it takes that of its longest suffix that is a state too. */
function addFailures(table: Int32Array, matched: Int32Array, width: number, used: number): void {
  const failure = new Int32Array(used);
  const queue: number[] = [];
  for (let cls = 1; cls < width; cls += 1) {
    const child = table[cls] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (let index = 0; index < queue.length; index += 1) {
    const state = queue[index] ?? 0;
    const suffix = failure[state] ?? 0;
    if (matched[state] === 0) matched[state] = matched[suffix] ?? 0;
    for (let cls = 1; cls < width; cls += 1) {
      const fallback = table[suffix * width + cls] ?? 0;
      const child = table[state * width + cls] ?? 0;
      if (child === 0) {
        table[state * width + cls] = fallback;
      } else {
        failure[child] = fallback;
        queue.push(child);
      }
    }
  }
}

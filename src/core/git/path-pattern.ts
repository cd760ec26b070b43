/**
 * Patterns of paths, in the small part of the gitignore language that `.gluon.yml` and our own lists use: `*` and `?` within a name,
 * `**` over folders, a pattern without a slash matches at any depth, a leading or inner slash ties it to the top, a pattern that
 * matches a folder matches all below it. Case does not matter.
 */

export type PathMatcher = (path: string) => boolean;

export function pathMatcher(patterns: readonly string[]): PathMatcher {
  const compiled = patterns.map(partsOf).filter((parts) => parts.length > 0);
  return (path) => {
    const names = path.toLowerCase().split('/');
    return compiled.some((parts) => matchParts(parts, names));
  };
}

function partsOf(pattern: string): string[] {
  const tied = pattern.replace(/\/+$/, '').includes('/');
  const parts = pattern
    .toLowerCase()
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  return tied || parts.length === 0 ? parts : ['**', ...parts];
}

/** Greedy with one point of return: the time grows with the product of the lengths, never faster. */
function matchParts(parts: readonly string[], names: readonly string[]): boolean {
  let part = 0;
  let name = 0;
  let star = -1;
  let starName = 0;
  while (true) {
    // The pattern is used up: it named this path or a folder above it.
    if (part === parts.length) return true;
    if (parts[part] === '**') {
      star = part;
      part += 1;
      starName = name;
      continue;
    }
    if (name < names.length && matchName(parts[part] ?? '', names[name] ?? '')) {
      part += 1;
      name += 1;
      continue;
    }
    if (star < 0 || starName >= names.length) return false;
    starName += 1;
    name = starName;
    part = star + 1;
  }
}

function matchName(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let starName = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p;
      p += 1;
      starName = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p += 1;
      n += 1;
    } else if (star >= 0) {
      starName += 1;
      n = starName;
      p = star + 1;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

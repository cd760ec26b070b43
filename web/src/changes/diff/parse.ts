/**
 * Reads a unified diff as it arrives, window by window. The counts of a hunk's head decide which lines belong to it, so that no line of a
 * file, whatever stands in it, is taken for anything else.
 */
import { nameOf } from './quoted-name.ts';

export interface DiffLine {
  readonly kind: 'same' | 'add' | 'del';
  /** Numbers count from 1; null on the side where the line is not. */
  readonly old: number | null;
  readonly new: number | null;
  readonly text: string;
}

export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  /** What git says the hunk is in: a function, a class. */
  readonly heading: string;
  readonly lines: DiffLine[];
  /** Lines that have no newline at their end: the last of a file. */
  noNewline: DiffLine[] | null;
}

export interface FileDiff {
  path: string;
  binary: boolean;
  /** Name of the file's content in git, new side; null: git did not say. */
  blob: string | null;
  readonly hunks: Hunk[];
  /** Rises with every line that comes. */
  version: number;
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/s;

export class DiffParser {
  readonly files: FileDiff[] = [];
  #file: FileDiff | null = null;
  #hunk: Hunk | null = null;
  #oldLeft = 0;
  #newLeft = 0;
  #oldAt = 0;
  #newAt = 0;

  /** Whole lines, each with its newline. */
  push(text: string): void {
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf('\n', from);
      this.#line(text.slice(from, end < 0 ? text.length : end));
      from = end < 0 ? text.length : end + 1;
    }
  }

  #line(line: string): void {
    if (this.#file !== null) this.#file.version += 1;
    if (this.#hunk !== null && (this.#oldLeft > 0 || this.#newLeft > 0)) this.#content(this.#hunk, line);
    else if (line.startsWith('\\') && this.#hunk !== null) this.#endless(this.#hunk);
    else if (line.startsWith('diff --git ')) this.#begin(line.slice(11));
    else if (this.#file !== null) this.#head(this.#file, line);
  }

  #content(hunk: Hunk, line: string): void {
    const mark = line.charAt(0);
    const text = line.slice(1);
    if (mark === '\\') this.#endless(hunk);
    else if (mark === '+') {
      hunk.lines.push({ kind: 'add', old: null, new: this.#newAt, text });
      this.#newLeft -= 1;
      this.#newAt += 1;
    } else if (mark === '-') {
      hunk.lines.push({ kind: 'del', old: this.#oldAt, new: null, text });
      this.#oldLeft -= 1;
      this.#oldAt += 1;
    } else {
      hunk.lines.push({ kind: 'same', old: this.#oldAt, new: this.#newAt, text });
      this.#oldLeft -= 1;
      this.#newLeft -= 1;
      this.#oldAt += 1;
      this.#newAt += 1;
    }
  }

  #endless(hunk: Hunk): void {
    const last = hunk.lines.at(-1);
    if (last !== undefined) hunk.noNewline = [...(hunk.noNewline ?? []), last];
  }

  #begin(names: string): void {
    this.#file = { path: sameName(names), binary: false, blob: null, hunks: [], version: 0 };
    this.files.push(this.#file);
    this.#hunk = null;
  }

  #head(file: FileDiff, line: string): void {
    const found = HUNK.exec(line);
    if (found !== null) {
      const [, oldStart = '', oldLines = '1', newStart = '', newLines = '1', heading = ''] = found;
      this.#oldAt = Number(oldStart);
      this.#newAt = Number(newStart);
      this.#oldLeft = Number(oldLines);
      this.#newLeft = Number(newLines);
      this.#hunk = { oldStart: this.#oldAt, newStart: this.#newAt, heading, lines: [], noNewline: null };
      file.hunks.push(this.#hunk);
    } else if (line.startsWith('rename to ')) file.path = nameOf(line.slice(10));
    else if (line.startsWith('copy to ')) file.path = nameOf(line.slice(8));
    else if (line.startsWith('+++ ')) file.path = prefixed(line.slice(4)) ?? file.path;
    // A deleted file: its name stands on the old side alone.
    else if (line.startsWith('--- ')) file.path = prefixed(line.slice(4)) ?? file.path;
    else if (line.startsWith('index ')) file.blob = /\.\.([0-9a-f]{4,64})/.exec(line)?.[1] ?? null;
    else if (line.startsWith('Binary files ') || line === 'GIT binary patch') file.binary = true;
  }
}

/** `a/name` or `b/name`; null for `/dev/null`. git ends a name that has a blank with a tab. */
function prefixed(text: string): string | null {
  if (text === '/dev/null') return null;
  const name = text.replace(/\t$/, '');
  return name.startsWith('"') ? nameOf(name, 2) : name.slice(2);
}

/** `a/name b/name` where both are one name; what other files are called is said in the lines that follow. */
function sameName(names: string): string {
  if (names.startsWith('"')) {
    const end = /^"(?:[^"\\]|\\.)*"/s.exec(names)?.[0];
    return end === undefined ? names : nameOf(end, 2);
  }
  const half = (names.length - 1) / 2;
  const [old, now] = [names.slice(2, half), names.slice(half + 3)];
  return old === now ? now : names;
}

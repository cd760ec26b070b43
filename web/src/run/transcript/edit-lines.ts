/** The small diff of an edit, from what the agent program told of it: a patch, or the old and the new text. Pure. */
import { type Call, type Fields, listOf, numberOf, stringsOf, textOf } from './records.ts';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'gap';
  /** Numbers in the old and the new file; null where they are not known or there is none. */
  readonly old: number | null;
  readonly new: number | null;
  readonly text: string;
}

export interface Change {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** Lines around a change of which only the two texts are known. */
const AROUND = 3;
/** Nobody reads more in a transcript; the Files tab shows all of it. */
const MOST_LINES = 2_000;

const cache = new WeakMap<Call, Change>();

export function changeOf(call: Call): Change {
  let known = cache.get(call);
  if (known === undefined) {
    known = counted(linesOf(call));
    cache.set(call, known);
  }
  return known;
}

function linesOf({ name, input, result }: Call): DiffLine[] {
  const hunks = listOf(result?.detail.structuredPatch);
  if (hunks.length > 0) return fromHunks(hunks);
  if (name === 'Write') return numbered(textOf(input.content) || textOf(input.text), 'added');
  if (name === 'NotebookEdit') return numbered(textOf(input.new_source), 'added');
  const edits = name === 'MultiEdit' ? listOf(input.edits) : [input];
  return edits.flatMap((edit, index) => [...(index > 0 ? [GAP] : []), ...fromTexts(textOf(edit.old_string), textOf(edit.new_string))]);
}

const GAP: DiffLine = { kind: 'gap', old: null, new: null, text: '' };

function fromHunks(hunks: readonly Fields[]): DiffLine[] {
  const lines: DiffLine[] = [];
  for (const [index, hunk] of hunks.entries()) {
    if (index > 0) lines.push(GAP);
    let old = numberOf(hunk.oldStart) ?? 1;
    let now = numberOf(hunk.newStart) ?? 1;
    for (const line of stringsOf(hunk.lines)) {
      const text = line.slice(1);
      if (line.startsWith('+')) lines.push({ kind: 'added', old: null, new: now++, text });
      else if (line.startsWith('-')) lines.push({ kind: 'removed', old: old++, new: null, text });
      // A remark such as "No newline at end of file" belongs to no line.
      else if (!line.startsWith('\\')) lines.push({ kind: 'same', old: old++, new: now++, text });
      if (lines.length > MOST_LINES) return lines;
    }
  }
  return lines;
}

function numbered(text: string, kind: 'added'): DiffLine[] {
  return split(text)
    .slice(0, MOST_LINES)
    .map((line, index) => ({ kind, old: null, new: index + 1, text: line }));
}

/** Equal lines at both ends are context; what is between them was replaced. */
function fromTexts(before: string, after: string): DiffLine[] {
  const old = split(before);
  const now = split(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const same = (text: string): DiffLine => ({ kind: 'same', old: null, new: null, text });
  return [
    ...old.slice(Math.max(0, head - AROUND), head).map(same),
    ...old.slice(head, old.length - tail).map((text): DiffLine => ({ kind: 'removed', old: null, new: null, text })),
    ...now.slice(head, now.length - tail).map((text): DiffLine => ({ kind: 'added', old: null, new: null, text })),
    ...old.slice(old.length - tail, old.length - tail + AROUND).map(same),
  ].slice(0, MOST_LINES);
}

function split(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function counted(lines: DiffLine[]): Change {
  return {
    lines,
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  };
}

/** Follows a line of a file through a unified diff of that file. */

export type FollowedLine =
  /** It is there still, as line `line` of the new file. */
  | { kind: 'same'; line: number }
  /** Other lines stand in its place. */
  | { kind: 'changed' }
  | { kind: 'gone' };

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

interface Place {
  oldLine: number;
  newLine: number;
}

/** `line` from 1, in the old file. Lines that the diff does not name are moved by what was added and taken away before them. */
export function followLine(diff: string, line: number): FollowedLine {
  const lines = diff.split('\n');
  let shift = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const hunk = HUNK.exec(lines[at] ?? '');
    if (hunk === null) continue;
    const [, oldStart = '0', oldCount = '1', newStart = '0', newCount = '1'] = hunk;
    const counts = { old: Number(oldCount), new: Number(newCount) };
    // A hunk without old lines names the line after which it adds.
    const first = counts.old === 0 ? Number(oldStart) + 1 : Number(oldStart);
    if (line < first) break;
    if (line < first + counts.old) {
      const start = { oldLine: first, newLine: counts.new === 0 ? Number(newStart) + 1 : Number(newStart) };
      return inHunk(lines, at + 1, start, line);
    }
    shift += counts.new - counts.old;
  }
  return { kind: 'same', line: line + shift };
}

function inHunk(lines: readonly string[], from: number, place: Place, wanted: number): FollowedLine {
  for (let at = from; at < lines.length; at += 1) {
    const mark = lines[at]?.[0];
    if (mark === '+') place.newLine += 1;
    else if (mark === '-' || mark === ' ') {
      if (place.oldLine === wanted)
        return mark === ' ' ? { kind: 'same', line: place.newLine } : { kind: isReplaced(lines, at) ? 'changed' : 'gone' };
      place.oldLine += 1;
      if (mark === ' ') place.newLine += 1;
    } else if (mark !== '\\') break;
  }
  // The hunk is shorter than it says: a window that was cut.
  return { kind: 'same', line: wanted + place.newLine - place.oldLine };
}

/** Whether added lines stand beside the block of removed ones that this line belongs to. */
function isReplaced(lines: readonly string[], at: number): boolean {
  const marks = (step: 1 | -1): string | undefined => {
    let index = at;
    while (lines[index]?.[0] === '-' || lines[index]?.[0] === '\\') index += step;
    return lines[index]?.[0];
  };
  return marks(1) === '+' || marks(-1) === '+';
}

/** Whether the line of the old file is in the new one. */
export function isInNew(diff: string, line: number): boolean {
  return followLine(diff, line).kind === 'same';
}

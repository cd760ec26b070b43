/** Boxes of a TODO file: what is still to be done, and whether all of it is. */

export interface TodoList {
  readonly ticked: number;
  readonly total: number;
  /** Texts of the open boxes, in order; at most `MOST_NAMED`. */
  readonly open: readonly string[];
}

/** Files that are looked at, in this order; the first one that is there counts. */
export const TODO_FILES = ['@fix_plan.md', '.ralph/fix_plan.md', 'TODO.md', 'todo.md', 'TASKS.md'] as const;

const MOST_NAMED = 50;
const LONGEST_TEXT = 300;
const BOX = /^\s*[-*+]\s+\[([ xX])\](?=\s|$)\s*(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
/** Sections whose boxes nobody has to tick. */
const OPTIONAL = /\b(?:optional|future|nice[\s-]+to[\s-]+have|backlog|later)\b/i;

/** Dates, `[NOTE]`, `[v1.0]`, `[#12]` and links are no boxes. Boxes in code fences are examples. */
export function readTodoList(text: string): TodoList {
  const open: string[] = [];
  let ticked = 0;
  let total = 0;
  /** Depth of the optional section that we are in; its subsections belong to it. */
  let optional: number | null = null;
  let fence: string | null = null;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) fence = fence === null ? mark : mark[0] === fence[0] && mark.length >= fence.length ? null : fence;
    if (fence !== null) continue;
    const heading = HEADING.exec(line);
    if (heading !== null) {
      const depth = heading[1]?.length ?? 1;
      if (optional === null || depth <= optional) optional = OPTIONAL.test(heading[2] ?? '') ? depth : null;
      continue;
    }
    const box = optional === null ? BOX.exec(line) : null;
    if (box === null) continue;
    total += 1;
    if (box[1] !== ' ') ticked += 1;
    else if (open.length < MOST_NAMED) open.push((box[2] ?? '').trim().slice(0, LONGEST_TEXT));
  }
  return { ticked, total, open };
}

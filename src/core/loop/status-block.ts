/** The status block with which an agent ends an iteration of a loop. Only its last words count, and only in their plain form. */
import { plainLines } from './plain-lines.ts';

export const BLOCK_STATUSES = ['in_progress', 'complete', 'blocked'] as const;
export const TESTS_STATUSES = ['passing', 'failing', 'not_run'] as const;
export const WORK_TYPES = ['implementation', 'testing', 'documentation', 'refactoring'] as const;

export interface StatusBlock {
  /** Null: the line was missing or said nothing known. */
  readonly status: (typeof BLOCK_STATUSES)[number] | null;
  readonly exitSignal: boolean;
  readonly tasksCompleted: number | null;
  readonly filesModified: number | null;
  readonly tests: (typeof TESTS_STATUSES)[number] | null;
  readonly work: (typeof WORK_TYPES)[number] | null;
  /** One line, empty when there was none. */
  readonly recommendation: string;
}

const BEGIN = '---RALPH_STATUS---';
const END = '---END_RALPH_STATUS---';
const TRUE = new Set(['true', 'yes', '1']);
const LONGEST_RECOMMENDATION = 1_000;
const LARGEST_NUMBER = 1_000_000;
/** Longer lines are no line of a block: a block of a megabyte must not cost more than reading it. */
const LONGEST_LINE = 4_000;

/**
 * The last complete block in the final text of an iteration; null when there is none. Blocks in code fences, quotes and indented code do
 * not count. With `nonce` (given to this attempt alone, as the line `NONCE`), a block that carries another one, or none, does not count
 * either: it was read somewhere.
 */
export function parseStatusBlock(text: string, nonce?: string): StatusBlock | null {
  let open: string[] | null = null;
  let last: StatusBlock | null = null;
  for (const line of plainLines(text)) {
    const marker = withoutEmphasis(line).toUpperCase();
    if (marker === BEGIN) open = [];
    else if (marker === END) {
      const fields = open === null ? null : fieldsOf(open);
      if (fields !== null && (nonce === undefined || fields.get('NONCE') === nonce)) last = blockOf(fields);
      open = null;
    } else open?.push(line);
  }
  return last;
}

/** What the agent is asked to end with. */
export function statusBlockTemplate(nonce: string): string {
  return [
    BEGIN,
    `NONCE: ${nonce}`,
    'STATUS: IN_PROGRESS | COMPLETE | BLOCKED',
    'TASKS_COMPLETED_THIS_LOOP: <number>',
    'FILES_MODIFIED: <number>',
    'TESTS_STATUS: PASSING | FAILING | NOT_RUN',
    'WORK_TYPE: IMPLEMENTATION | TESTING | DOCUMENTATION | REFACTORING',
    'EXIT_SIGNAL: false | true',
    'RECOMMENDATION: <one line>',
    END,
  ].join('\n');
}

/** The last value of each key. */
function fieldsOf(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    if (line.length > LONGEST_LINE) continue;
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const key = withoutEmphasis(line.slice(0, colon).replace(/^\s*[-*+]\s+/, ''))
      .toUpperCase()
      .replace(/[\s-]+/g, '_');
    fields.set(key, withoutEmphasis(line.slice(colon + 1)));
  }
  return fields;
}

function blockOf(fields: ReadonlyMap<string, string>): StatusBlock {
  return {
    status: oneOf(BLOCK_STATUSES, fields.get('STATUS')),
    exitSignal: TRUE.has((fields.get('EXIT_SIGNAL') ?? '').toLowerCase()),
    tasksCompleted: count(fields.get('TASKS_COMPLETED_THIS_LOOP')),
    filesModified: count(fields.get('FILES_MODIFIED')),
    tests: oneOf(TESTS_STATUSES, fields.get('TESTS_STATUS')),
    work: oneOf(WORK_TYPES, fields.get('WORK_TYPE')),
    recommendation: (fields.get('RECOMMENDATION') ?? '').slice(0, LONGEST_RECOMMENDATION),
  };
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | null {
  const name = (value ?? '').toLowerCase().replace(/[\s-]+/g, '_');
  return known.find((each) => each === name) ?? null;
}

function count(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Math.min(Number(value), LARGEST_NUMBER) : null;
}

/** Markdown's emphasis around a key, a value or a marker: `**STATUS:**`, `_COMPLETE_`. */
function withoutEmphasis(text: string): string {
  return text
    .trim()
    .replace(/^[*_]+\s*|\s*[*_]+$/g, '')
    .trim();
}

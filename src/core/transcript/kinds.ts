/** The filters of a transcript that people choose among. One owner for what counts as what. */

export const MESSAGE_KINDS = ['text', 'tools', 'edits', 'shell', 'errors', 'questions'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Tools of the agents that change a file, and those that run a command. */
const EDITS: ReadonlySet<unknown> = new Set(['Edit', 'Write', 'MultiEdit', 'NotebookEdit']);
const SHELL: ReadonlySet<unknown> = new Set(['Bash', 'BashOutput', 'KillShell', 'KillBash']);

/** What is told of a record beside its type: bits, for an index of one byte per record. */
export const FLAGS = { edit: 1, shell: 2, error: 4 } as const;

/** `record` as it stands in the transcript; a result of a tool carries the name of its tool. */
export function flagsOf(record: Readonly<Record<string, unknown>>): number {
  const { type, name, ok } = record;
  const call = type === 'tool_use' || type === 'tool_result';
  const failed = type === 'error' || ((type === 'tool_result' || type === 'result') && ok === false);
  return (call && EDITS.has(name) ? FLAGS.edit : 0) | (call && SHELL.has(name) ? FLAGS.shell : 0) | (failed ? FLAGS.error : 0);
}

const TEXT: ReadonlySet<string> = new Set(['user', 'text']);
const TOOLS: ReadonlySet<string> = new Set(['tool_use', 'tool_result', 'subagent', 'screenshot']);

/** Whether a filter shows a record of that type and those flags. A tool's result comes with its call. */
export function isOfKind(kind: MessageKind, type: string, flags: number): boolean {
  switch (kind) {
    case 'text':
      return TEXT.has(type);
    case 'tools':
      return TOOLS.has(type);
    case 'edits':
      return (flags & FLAGS.edit) !== 0;
    case 'shell':
      return (flags & FLAGS.shell) !== 0;
    case 'errors':
      return (flags & FLAGS.error) !== 0;
    case 'questions':
      return type === 'question';
    default:
      return kind satisfies never;
  }
}

export type MessageCounts = Record<MessageKind | 'all', number>;

export function noCounts(): MessageCounts {
  return { all: 0, text: 0, tools: 0, edits: 0, shell: 0, errors: 0, questions: 0 };
}

/** Belong to what stands before them (the result of a call, its pictures, reports of its subagent), or are no line of their own. */
const UNCOUNTED: ReadonlySet<string> = new Set(['tool_result', 'screenshot', 'subagent', 'usage']);

/** Adds a record to the counts beside the filters: a call and everything that comes of it counts once; what failed counts by its failure. */
export function countMessage(counts: MessageCounts, type: string, flags: number): void {
  if (isOfKind('errors', type, flags)) counts.errors += 1;
  if (UNCOUNTED.has(type)) return;
  counts.all += 1;
  for (const kind of MESSAGE_KINDS) if (kind !== 'errors' && isOfKind(kind, type, flags)) counts[kind] += 1;
}

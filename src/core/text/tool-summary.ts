/** One line about a tool call, for logs, cards and folded transcripts. */
const MAX_CHARS = 120;

/** The field that says most, per well-known tool; other tools show their first short text. */
const TELLING_FIELD: Record<string, string> = {
  Bash: 'command',
  Read: 'file_path',
  Write: 'file_path',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  NotebookEdit: 'notebook_path',
  Glob: 'pattern',
  Grep: 'pattern',
  WebFetch: 'url',
  WebSearch: 'query',
  Agent: 'description',
  Task: 'description',
};

export function summariseTool(name: string, input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const fields = input as Record<string, unknown>;
  if (name === 'TodoWrite' && Array.isArray(fields.todos)) return `${fields.todos.length} items`;
  const field = TELLING_FIELD[name];
  const telling = field === undefined ? undefined : fields[field];
  const text = typeof telling === 'string' ? telling : Object.values(fields).find((value) => typeof value === 'string');
  return typeof text === 'string' ? oneLine(text) : '';
}

function oneLine(text: string): string {
  // Only the beginning can be shown: a huge input is not worth normalising whole.
  const flat = text
    .slice(0, MAX_CHARS * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const letters = [...flat];
  return letters.length > MAX_CHARS ? `${letters.slice(0, MAX_CHARS - 1).join('')}…` : flat;
}

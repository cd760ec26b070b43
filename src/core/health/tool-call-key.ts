/** What makes two tool calls the same: the tool, and its input without what differs from call to call by nature. */

const LONGEST = 300;
/** Words about a call, not the call: agents phrase them anew each time. */
const WORDS_ABOUT_IT = new Set(['description', 'timeout', 'run_in_background', 'explanation', 'reason']);

/** `Bash npm test`, `Read src/a.ts offset=10`: short enough for a card, complete enough to tell calls apart. Keys in a fixed order. */
export function toolCallKey(name: string, input: unknown): string {
  const text =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? fields(input as Record<string, unknown>) : plain(input);
  return `${name} ${text}`.trim().slice(0, LONGEST);
}

/** What a call is about, for "a new target": the file, the command's first words, the address. */
export function toolCallTarget(name: string, input: unknown): string {
  const { file_path, notebook_path, path, pattern, command, url, query } = (
    typeof input === 'object' && input !== null ? input : {}
  ) as Record<string, unknown>;
  const target = [file_path, notebook_path, path, pattern, url, query].find((each) => typeof each === 'string');
  const words = typeof command === 'string' ? command.trim().split(/\s+/).slice(0, 4).join(' ') : '';
  return `${name} ${typeof target === 'string' ? target : words}`.trim().slice(0, LONGEST);
}

function fields(input: Record<string, unknown>): string {
  const names = Object.keys(input)
    .filter((name) => !WORDS_ABOUT_IT.has(name))
    .sort();
  const [only] = names;
  if (only !== undefined && names.length === 1) return plain(input[only]);
  return names.map((name) => `${name}=${plain(input[name])}`).join(' ');
}

function plain(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(/\s+/g, ' ').trim();
}

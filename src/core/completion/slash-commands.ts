/** Slash commands that lie in a repository, as completion shows them. The files are data: nothing in them is carried out here. */

export const COMMAND_FOLDERS = ['.claude/commands', '.claude/skills'] as const;

export interface FoundCommand {
  readonly name: string;
  readonly source: 'project' | 'skill';
  readonly description: string | null;
  readonly argumentHint: string | null;
}

const NAME = /^[\w][\w:.-]{0,99}$/;
const MAX_TEXT = 200;

/** Null for a file that is neither a command (`commands/**.md`) nor the head of a skill (`skills/<name>/SKILL.md`). */
export function commandOfFile(path: string, text: string): FoundCommand | null {
  const { fields, body } = frontMatter(text);
  const description = shortened(fields.get('description') ?? firstLine(body));
  const command = /^\.claude\/commands\/(?:.+\/)?([^/]+)\.md$/.exec(path)?.[1];
  if (command !== undefined) {
    return NAME.test(command)
      ? { name: command, source: 'project', description, argumentHint: shortened(fields.get('argument-hint') ?? null) }
      : null;
  }
  const skill = /^\.claude\/skills\/([^/]+)\/SKILL\.md$/.exec(path)?.[1];
  if (skill === undefined) return null;
  const name = fields.get('name') ?? skill;
  return NAME.test(name) ? { name, source: 'skill', description, argumentHint: shortened(fields.get('argument-hint') ?? null) } : null;
}

/** The plain `key: value` lines between two `---`: more of YAML is not needed for a list. */
function frontMatter(text: string): { fields: ReadonlyMap<string, string>; body: string } {
  const match = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) return { fields: new Map(), body: text };
  const fields = new Map<string, string>();
  for (const line of (match[1] ?? '').split(/\r?\n/)) {
    const [, key = '', value = ''] = /^([a-z][a-z-]*):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (key !== '' && value !== '') fields.set(key, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return { fields, body: text.slice(match[0].length) };
}

function firstLine(body: string): string | null {
  const line = body.split(/\r?\n/).find((one) => one.trim() !== '');
  return line === undefined ? null : line.replace(/^#+\s*/, '');
}

function shortened(text: string | null): string | null {
  if (text === null) return null;
  const letters = [...text.replace(/\s+/g, ' ').trim()];
  if (letters.length === 0) return null;
  return letters.length > MAX_TEXT ? `${letters.slice(0, MAX_TEXT - 1).join('')}…` : letters.join('');
}

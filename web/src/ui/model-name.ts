/** The name of a model as people say it: `claude-opus-4-5` is "Opus"; of others the first word, cut to what a card holds. */
const FAMILIES = ['opus', 'sonnet', 'haiku', 'codex'];
const MOST = 14;

/** Null: the agent's own choice, whatever it is. */
export function modelName(model: string | null, agent: string): string {
  const name = (model ?? agent).toLowerCase();
  const family = FAMILIES.find((each) => name.includes(each));
  if (family !== undefined) return family.charAt(0).toUpperCase() + family.slice(1);
  const plain = (model ?? agent).split('/').at(-1) ?? '';
  if (plain.length > MOST) return `${plain.slice(0, MOST - 1)}…`;
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

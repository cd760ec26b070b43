/** A card's title when the person gave none: the first line of the prompt, cut at a word. */
const MAX_TITLE = 80;

export function titleOf(prompt: string): string {
  const line =
    prompt
      .split('\n')
      .map((part) => part.trim())
      .find((part) => part !== '') ?? '';
  const clean = line.replace(/^#+\s*/, '').replace(/\s+/g, ' ');
  const letters = [...clean];
  if (letters.length <= MAX_TITLE) return clean;
  const cut = letters.slice(0, MAX_TITLE - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${space > MAX_TITLE / 2 ? cut.slice(0, space) : cut}…`;
}

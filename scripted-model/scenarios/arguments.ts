/** Reads arguments of a marker; a missing or odd one gives the default. */

export function stringArg(args: Record<string, unknown>, name: string, otherwise: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : otherwise;
}

/** Clamped to 0 … `most`, so that a marker cannot ask for more than a test machine has. */
export function numberArg(args: Record<string, unknown>, name: string, otherwise: number, most: number): number {
  const value = args[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) return otherwise;
  return Math.min(Math.max(value, 0), most);
}

/** For a shell of the agent program: one word, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

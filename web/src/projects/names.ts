/** A name for a project or a workspace, taken from its folder as the server would: letters, digits, dots, dashes, underscores. */
export function nameFromPath(path: string): string {
  const last =
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  return last
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
}

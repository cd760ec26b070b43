/** Markdown of the generated pages. */

/** The first lines of a generated page. */
export function pageStart(title: string, source: string): string[] {
  return [`# ${title}`, '', `<!-- Generated from ${source} by "npm run generate". Changes by hand are lost. -->`, ''];
}

export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** `<` and `>` outside code would be taken for HTML. */
const cell = (text: string): string =>
  text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll('<', '&lt;').replaceAll('>', '&gt;')))
    .join('`')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');

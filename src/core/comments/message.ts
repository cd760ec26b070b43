/** The one message that comments become. Written by a person on what an agent wrote: the quoted line is data and stands in a fence. */

export interface CommentToSend {
  readonly path: string;
  readonly side: 'old' | 'new';
  readonly line: number;
  readonly line_text: string;
  readonly body: string;
}

/** In the order of files and lines. `note`: what the person says to all of them. */
export function commentsMessage(comments: readonly CommentToSend[], note: string): string {
  const sorted = [...comments].sort((one, other) => (one.path === other.path ? one.line - other.line : one.path < other.path ? -1 : 1));
  const head = sorted.length === 1 ? 'A comment on your change:' : `${sorted.length} comments on your change:`;
  const parts = [note.trim(), head, ...sorted.map((comment, index) => oneComment(comment, index + 1))];
  return parts.filter((part) => part !== '').join('\n\n');
}

function oneComment({ path, side, line, line_text, body }: CommentToSend, number: number): string {
  const where = `${number}. ${quotedPath(path)}, ${side === 'old' ? `line ${line} before the change` : `line ${line}`}`;
  const quoted = line_text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  const code = quoted.trim() === '' ? '' : `\n${fenced(quoted)}`;
  return `${where}:${code}\n${body.trim()}`;
}

/** A fence that is longer than every run of backticks within. */
function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}\n${text}\n${fence}`;
}

/** Names of files are the agent's to choose: those that are more than a plain path are quoted. */
function quotedPath(path: string): string {
  return /^[\w./@+-]+( [\w./@+-]+)*$/.test(path) ? path : JSON.stringify(path);
}

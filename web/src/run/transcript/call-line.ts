/** What one line says about a tool call: icon, verb, target, result. Pure. */
import { changeOf } from './edit-lines.ts';
import { type Call, fieldsOf, listOf, numberOf, stringsOf, textOf } from './records.ts';

export type CallIcon = 'read' | 'search' | 'shell' | 'edit' | 'write' | 'todo' | 'web' | 'agent' | 'commit' | 'plan' | 'tool';

export interface CallLine {
  readonly icon: CallIcon;
  readonly verb: string;
  /** A path, a command, an address: what a machine would read. Empty when there is none. */
  readonly target: string;
  /** In words, at the right; empty while there is no result. */
  readonly result: string;
  /** Of commands: 0 or the code they ended with; null when it is not known. */
  readonly exit: number | 'failed' | null;
  readonly added: number;
  readonly removed: number;
}

const NOTHING = { target: '', result: '', exit: null, added: 0, removed: 0 } as const;

/** `root` is the folder of the working copy: paths inside it are shown without it. */
export function callLine(call: Call, root: string | null): CallLine {
  const { input, result } = call;
  switch (call.name) {
    case 'Read':
      return { ...NOTHING, icon: 'read', verb: 'Read', target: pathOf(call, root), result: readResult(call) };
    case 'Grep':
    case 'Glob':
    case 'LS':
      return { ...NOTHING, icon: 'search', verb: 'Search', target: searched(call, root), result: searchResult(call) };
    case 'Bash':
      return shellLine(call);
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit':
    case 'Write': {
      const { added, removed } = changeOf(call);
      const verb = call.name === 'Write' ? 'Write' : 'Edit';
      return {
        ...NOTHING,
        icon: call.name === 'Write' ? 'write' : 'edit',
        verb,
        target: pathOf(call, root),
        added,
        removed,
        result: failure(call),
      };
    }
    case 'TodoWrite': {
      const todos = listOf(input.todos);
      const done = todos.filter(({ status }) => status === 'completed').length;
      return { ...NOTHING, icon: 'todo', verb: 'Todo', target: `${done} of ${todos.length} done`, result: failure(call) };
    }
    case 'WebFetch':
      return { ...NOTHING, icon: 'web', verb: 'Fetch', target: bare(textOf(input.url)) || call.summary, result: fetchResult(call) };
    case 'WebSearch':
      return { ...NOTHING, icon: 'web', verb: 'Web search', target: textOf(input.query) || call.summary, result: failure(call) };
    case 'ExitPlanMode':
      return { ...NOTHING, icon: 'plan', verb: 'Plan', target: firstLine(textOf(input.plan)), result: failure(call) };
    case 'Screenshot':
      return { ...NOTHING, icon: 'web', verb: 'Screenshot' };
    default:
      return { ...NOTHING, icon: 'tool', verb: toolVerb(call.name), target: call.summary, result: result === null ? '' : failure(call) };
  }
}

/** Where a call did something to a file: the path as the agent knows it. */
export function pathOf({ input, summary }: Call, root: string | null): string {
  const path = textOf(input.file_path) || textOf(input.notebook_path) || textOf(input.path) || textOf(input.file) || summary;
  return root !== null && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

function shellLine(call: Call): CallLine {
  const { input, result } = call;
  const command = firstLine(textOf(input.command)) || call.summary;
  const line: CallLine = { ...NOTHING, icon: 'shell', verb: 'Run', target: command, exit: exitOf(call) };
  const sha = textOf(fieldsOf(fieldsOf(result?.detail.gitOperation).commit).sha);
  const message = commitMessage(textOf(input.command));
  if (message !== null)
    return { ...line, icon: 'commit', verb: 'Commit', target: message, result: sha.slice(0, 7), exit: line.exit === 0 ? null : line.exit };
  if (/^agent-browser\s/.test(command)) return { ...line, icon: 'web', verb: 'Browser' };
  if (textOf(result?.detail.backgroundTaskId) !== '') return { ...line, result: 'in the background', exit: null };
  return line;
}

/** What a command that commits says of the commit; null: it is none, or says nothing in one place. */
function commitMessage(command: string): string | null {
  if (command.length > 4_000 || !/\bgit\b[^|;&\n]*\scommit\b/.test(command)) return null;
  const message = /\s-(?:a|q|aq|qa)?m\s+(["'])([^"'$`]+)\1/.exec(command)?.[2];
  return message === undefined ? null : firstLine(message);
}

/** The code stands in the words of a failed result; of a good one it is 0. */
function exitOf({ result }: Call): CallLine['exit'] {
  if (result === null) return null;
  if (result.ok) return 0;
  const code = /exit(?:ed with)?(?: code)?:? (\d{1,3})\b/i.exec(result.output.slice(0, 400))?.[1];
  return code === undefined ? 'failed' : Number(code);
}

function readResult({ result }: Call): string {
  if (result === null) return '';
  if (!result.ok) return 'failed';
  const file = fieldsOf(result.detail.file);
  const lines = numberOf(file.numLines);
  const total = numberOf(file.totalLines);
  if (lines !== null) return total !== null && total > lines ? `${count(lines)} of ${count(total)} lines` : linesOf(lines);
  if (typeof file.base64 === 'string') return 'an image';
  return linesOf(countLines(result.output));
}

/** Lines that the calls of a fold brought together; null when one of them has no result. */
export function linesRead(calls: readonly Call[]): number {
  return calls.reduce(
    (sum, { result }) =>
      sum + (result === null || !result.ok ? 0 : (numberOf(fieldsOf(result.detail.file).numLines) ?? countLines(result.output))),
    0,
  );
}

function searched(call: Call, root: string | null): string {
  const pattern = textOf(call.input.pattern);
  const place = textOf(call.input.path) === '' ? '' : pathOf({ ...call, input: { path: call.input.path } }, root);
  const glob = textOf(call.input.glob);
  return [pattern || call.summary, place === '' || place === root ? '' : place, glob].filter(Boolean).join(' · ');
}

function searchResult({ result }: Call): string {
  if (result === null) return '';
  if (!result.ok) return 'failed';
  const { detail } = result;
  const files = numberOf(detail.numFiles) ?? (detail.filenames === undefined ? null : stringsOf(detail.filenames).length);
  const matches = numberOf(detail.numMatches) ?? numberOf(detail.numLines);
  if (matches !== null && files !== null && files > 0)
    return `${count(matches)} matches in ${count(files)} ${files === 1 ? 'file' : 'files'}`;
  if (files !== null) return files === 0 ? 'nothing found' : `${count(files)} ${files === 1 ? 'file' : 'files'}`;
  const said = /Found (\d+) [^\n]{0,60}/.exec(result.output.slice(-400))?.[0];
  if (said !== undefined) return said.replace('Found ', '');
  return /^No (?:files|matches) found/.test(result.output) ? 'nothing found' : linesOf(countLines(result.output));
}

function fetchResult({ result }: Call): string {
  if (result === null) return '';
  if (!result.ok) return 'failed';
  const code = numberOf(result.detail.code);
  const bytes = numberOf(result.detail.bytes);
  const size = bytes === null ? '' : bytes < 1000 ? `${bytes} B` : `${Math.round(bytes / 1000)} kB`;
  return [code === null ? '' : String(code), size].filter(Boolean).join(' · ');
}

function failure({ result }: Call): string {
  return result !== null && !result.ok ? 'failed' : '';
}

/** `mcp__server__do_this` → `Do this`, told by whom in its target. */
function toolVerb(name: string): string {
  const own = name.startsWith('mcp__') ? (name.split('__').at(-1) ?? name) : name;
  const spaced = own.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
  return spaced === '' ? 'Tool' : spaced.charAt(0).toUpperCase() + spaced.slice(1).toLowerCase();
}

function bare(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

export function firstLine(text: string): string {
  const trimmed = text.trimStart();
  const end = trimmed.indexOf('\n');
  return (end === -1 ? trimmed : trimmed.slice(0, end)).slice(0, 300);
}

export function countLines(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function linesOf(lines: number): string {
  return lines === 1 ? '1 line' : `${count(lines)} lines`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

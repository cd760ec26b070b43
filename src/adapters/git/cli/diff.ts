/** A window of a unified diff. It is cut while git writes it: a diff of any size costs the memory of the window. */
import type { Diff } from '../../../contract/git-resources.ts';
import { pathspecOf, textToPath } from '../../../core/git/path-text.ts';
import { changeRecords } from './changes.ts';
import { checkedSha } from './commit-names.ts';
import type { GitContext } from './repository.ts';

/** Longer lines are cut: one line of 10 MB is no use to a reader. */
const MAX_LINE_BYTES = 16 * 1024;
/** A window ends early rather than grow beyond this. */
const MAX_WINDOW_BYTES = 4 * 1024 * 1024;
/** So many lines after the window are counted to give the total; beyond, the total is left open. */
const COUNT_AHEAD_LINES = 100_000;

/** `path`: text as `changes` gives it; a renamed file is shown against its old place. */
export async function diff(
  context: GitContext,
  projectPath: string,
  from: string,
  to: string,
  options: { path?: string; offset: number; limit: number },
): Promise<Diff> {
  const repository = await context.open(projectPath);
  const paths = options.path === undefined ? [] : await pathspecs(context, projectPath, from, to, options.path);
  const window = lineWindow(options.offset, options.limit);
  await context.git.bytes({
    ...repository.content,
    args: [
      'diff-tree',
      '-r',
      '-p',
      '-M',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--submodule=short',
      '--full-index',
      checkedSha(from),
      checkedSha(to),
      '--',
      ...paths,
    ],
    onOutput: (chunk) => window.take(chunk),
    timeoutMs: 120_000,
  });
  return { from, to, offset: options.offset, ...window.end() };
}

async function pathspecs(context: GitContext, projectPath: string, from: string, to: string, path: string): Promise<string[]> {
  const wanted = Buffer.from(textToPath(path));
  const change = (await changeRecords(context, projectPath, from, to, [])).find(({ bytes }) => bytes.equals(wanted));
  return [wanted, ...(change?.oldBytes ? [change.oldBytes] : [])].map(pathspecOf);
}

export interface LineWindow {
  take(chunk: Buffer): 'more' | 'stop';
  end(): { text: string; lines: number; total_lines: number | null; next_offset: number | null };
}

export function lineWindow(offset: number, limit: number): LineWindow {
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let lines = 0;
  let line = 0;
  let current: Buffer[] = [];
  let currentBytes = 0;
  let cutBytes = 0;
  let stopped = false;

  const inWindow = () => line >= offset && lines < limit && keptBytes < MAX_WINDOW_BYTES && line === offset + lines;
  function endLine(): void {
    if (inWindow()) {
      const note = cutBytes > 0 ? [Buffer.from(` … (${cutBytes} more bytes in this line)`)] : [];
      const whole = Buffer.concat([...current, ...note, Buffer.from('\n')]);
      kept.push(whole);
      keptBytes += whole.length;
      lines += 1;
    }
    line += 1;
    [current, currentBytes, cutBytes] = [[], 0, 0];
  }
  function addToLine(part: Buffer): void {
    if (!inWindow()) {
      // Only that there is something counts.
      currentBytes += part.length;
      return;
    }
    const room = Math.max(0, MAX_LINE_BYTES - currentBytes);
    if (room > 0) current.push(Buffer.from(part.subarray(0, room)));
    cutBytes += Math.max(0, part.length - room);
    currentBytes += part.length;
  }
  return {
    take(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        addToLine(chunk.subarray(from, at));
        endLine();
        from = at + 1;
      }
      if (from < chunk.length) addToLine(chunk.subarray(from));
      stopped = line > offset + lines + COUNT_AHEAD_LINES;
      return stopped ? 'stop' : 'more';
    },
    end() {
      if (currentBytes > 0 && !stopped) endLine();
      const text = Buffer.concat(kept).toString('utf8');
      const more = line > offset + lines;
      return { text, lines, total_lines: stopped ? null : line, next_offset: more ? offset + lines : null };
    },
  };
}

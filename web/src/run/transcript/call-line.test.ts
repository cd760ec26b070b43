import { describe, expect, it } from 'vitest';
import { callLine } from './call-line.ts';
import { changeOf } from './edit-lines.ts';
import type { Call, CallResult } from './records.ts';

function call(name: string, input: Record<string, unknown>, result: Partial<CallResult> | null = null, summary = ''): Call {
  return {
    id: 'x',
    name,
    input,
    summary,
    seq: 1,
    at: '',
    called: true,
    result: result === null ? null : { ok: true, output: '', detail: {}, seq: 2, tookMs: null, ...result },
    screenshots: [],
    cut: null,
  };
}

const told = (one: Call) => {
  const { verb, target, result, exit } = callLine(one, '/copy');
  return [verb, target, result, exit];
};

describe('the line of a call', () => {
  it.each([
    [call('Read', { file_path: '/copy/src/a.ts' }), ['Read', 'src/a.ts', '', null]],
    [
      call('Read', { file_path: '/etc/x' }, { detail: { file: { numLines: 96, totalLines: 1284 } } }),
      ['Read', '/etc/x', '96 of 1,284 lines', null],
    ],
    [call('Read', { file_path: 'a' }, { output: 'one\ntwo\n' }), ['Read', 'a', '2 lines', null]],
    [
      call('Grep', { pattern: 'revoke', path: '/copy/src' }, { detail: { numFiles: 8, numMatches: 17 } }),
      ['Search', 'revoke · src', '17 matches in 8 files', null],
    ],
    [call('Grep', { pattern: 'x' }, { output: 'No matches found' }), ['Search', 'x', 'nothing found', null]],
    [call('Glob', { pattern: '*.ts' }, { detail: { filenames: ['a.ts'], numFiles: 1 } }), ['Search', '*.ts', '1 file', null]],
    [call('Bash', { command: 'npm test\n# more' }, { ok: true }), ['Run', 'npm test', '', 0]],
    [call('Bash', { command: 'npm test' }, { ok: false, output: 'Exit code 2\nFAIL' }), ['Run', 'npm test', '', 2]],
    [call('Bash', { command: 'npm test' }, { ok: false, output: 'Killed' }), ['Run', 'npm test', '', 'failed']],
    [call('Bash', { command: 'sleep 9 &' }, { detail: { backgroundTaskId: 'b' } }), ['Run', 'sleep 9 &', 'in the background', null]],
    [
      call('Bash', { command: 'git commit -m "Check the owner"' }, { detail: { gitOperation: { commit: { sha: '4be07d1aaaa' } } } }),
      ['Commit', 'Check the owner', '4be07d1', null],
    ],
    [
      call('Bash', { command: "git add -A && git -c user.name=A commit -q -m 'Add it'" }, { ok: false, output: 'Exit code 128\nfatal' }),
      ['Commit', 'Add it', '', 128],
    ],
    [call('Bash', { command: 'git commit -m "$(cat note)"' }, {}), ['Run', 'git commit -m "$(cat note)"', '', 0]],
    [call('Bash', { command: 'agent-browser open /x' }), ['Browser', 'agent-browser open /x', '', null]],
    [call('TodoWrite', { todos: [{ status: 'completed' }, { status: 'pending' }] }), ['Todo', '1 of 2 done', '', null]],
    [
      call('WebFetch', { url: 'https://example.org/a/' }, { detail: { code: 200, bytes: 14_200 } }),
      ['Fetch', 'example.org/a', '200 · 14 kB', null],
    ],
    [call('mcp__gluon__report_progress', {}, null, 'half'), ['Report progress', 'half', '', null]],
    [call('', {}), ['Tool', '', '', null]],
  ])('%#', (one, expected) => expect(told(one)).toEqual(expected));
});

describe('the diff of an edit', () => {
  it('comes from the patch, with its numbers', () => {
    const structuredPatch = [
      { oldStart: 41, oldLines: 2, newStart: 41, newLines: 2, lines: [' a', '-b', '+c', '\\ No newline at end of file'] },
      { oldStart: 90, newStart: 90, lines: ['+d'] },
    ];
    const change = changeOf(call('Edit', {}, { detail: { structuredPatch } }));
    expect(change.lines.map(({ kind, old, new: now, text }) => [kind, old, now, text])).toEqual([
      ['same', 41, 41, 'a'],
      ['removed', 42, null, 'b'],
      ['added', null, 42, 'c'],
      ['gap', null, null, ''],
      ['added', null, 90, 'd'],
    ]);
    expect(change).toMatchObject({ added: 2, removed: 1 });
  });

  it('comes from the two texts while there is no patch', () => {
    const change = changeOf(call('Edit', { old_string: 'a\nb\nc', new_string: 'a\nB\nb2\nc' }));
    expect(change.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['same a', 'removed b', 'added B', 'added b2', 'same c']);
  });

  it('equal texts change nothing, and several edits are told apart', () => {
    expect(changeOf(call('Edit', { old_string: 'a', new_string: 'a' }))).toMatchObject({ added: 0, removed: 0 });
    const many = changeOf(
      call('MultiEdit', {
        edits: [
          { old_string: 'a', new_string: 'b' },
          { old_string: 'c', new_string: '' },
        ],
      }),
    );
    expect(many.lines.map(({ kind }) => kind)).toEqual(['removed', 'added', 'gap', 'removed']);
  });

  it('a written file is all new', () => {
    expect(changeOf(call('Write', { content: 'one\ntwo\n' }))).toMatchObject({ added: 2, removed: 0 });
  });

  it('of a huge file only so much is kept', () => {
    expect(changeOf(call('Write', { content: 'x\n'.repeat(100_000) })).lines.length).toBe(2_000);
  });
});

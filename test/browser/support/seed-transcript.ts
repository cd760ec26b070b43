/** Records as real agents leave them: for the pictures and for what needs a long transcript at once. */
import type { NewRecord } from '../../../src/ports/transcript.ts';

const PATCH = {
  filePath: 'src/server/sessions.ts',
  structuredPatch: [
    {
      oldStart: 40,
      oldLines: 4,
      newStart: 40,
      newLines: 6,
      lines: [
        ' export async function revokeSession(id: string, actor: Actor) {',
        '   const session = await store.get(id);',
        "-  if (!session) throw new NotFound('session');",
        '+  if (!session || session.userId !== actor.id) {',
        "+    throw new NotFound('session');",
        '+  }',
        '   await store.remove(id);',
      ],
    },
  ],
};

let tool = 0;

function call(
  name: string,
  input: Record<string, unknown>,
  summary: string,
  output: string,
  more: { ok?: boolean; detail?: unknown; parent?: string } = {},
): NewRecord[] {
  tool += 1;
  const id = `toolu_${tool.toString(16).padStart(8, '0')}`;
  const parent = more.parent ?? null;
  return [
    { attempt: 1, type: 'tool_use', id, name, input, summary, parent },
    { attempt: 1, type: 'tool_result', id, name, ok: more.ok ?? true, output, detail: more.detail ?? null, parent },
  ];
}

/** One of everything that a transcript can hold. */
export function variedRecords(): NewRecord[] {
  return [
    {
      attempt: 1,
      type: 'user',
      text: 'Add a page under account settings that lists the active sessions of a person and lets them revoke one or all. Follow @src/account/AccountLayout.tsx and reuse the table from @src/ui/DataTable.tsx. The API is in @src/server/sessions.ts.',
      by: 'owner',
      images: [],
    },
    {
      attempt: 1,
      type: 'thinking',
      text: 'The server side first: does revoke check the owner?\nThen the page, then the tests.',
      parent: null,
    },
    {
      attempt: 1,
      type: 'text',
      text: 'I will start from the plan: the server side first, then the page. Two things need checking before I write code: whether `revoke` already checks the owner, and which tests cover it.',
      parent: null,
    },
    ...['src/server/sessions.ts', 'src/account/AccountLayout.tsx', 'src/ui/DataTable.tsx', 'src/server/store.ts'].flatMap((file) =>
      call('Read', { file_path: file }, file, '1\timport { store } from "./store";\n2\t\n3\texport const x = 1;\n'),
    ),
    ...call(
      'Grep',
      { pattern: 'revoke\\(|sessionStore', path: 'src' },
      'revoke\\(|sessionStore',
      'src/server/sessions.ts\nsrc/server/store.ts\nFound 17 matches in 8 files',
    ),
    ...call(
      'TodoWrite',
      {
        todos: [
          { content: 'Check the owner in revoke', status: 'completed' },
          { content: 'Page with table and revoke buttons', status: 'in_progress' },
          { content: 'End-to-end test', status: 'pending' },
        ],
      },
      '3 todos',
      'Todos have been modified successfully',
    ),
    ...call(
      'Bash',
      { command: 'npm test -- sessions', description: 'Run the session tests' },
      'npm test -- sessions',
      '\u001b[31mFAIL\u001b[39m  src/server/sessions.test.ts\n  \u001b[32m✓\u001b[39m lists only active sessions (18 ms)\n  \u001b[31m✕\u001b[39m refuses to revoke a session of another person (9 ms)\n\n    Expected: \u001b[32m404\u001b[39m\n    Received: \u001b[31m204\u001b[39m\n      at src/server/sessions.test.ts:61:28\n',
      { ok: false },
    ),
    ...call(
      'Edit',
      {
        file_path: 'src/server/sessions.ts',
        old_string: "if (!session) throw new NotFound('session');",
        new_string: "if (!session || session.userId !== actor.id) {\n    throw new NotFound('session');\n  }",
      },
      'src/server/sessions.ts',
      'The file src/server/sessions.ts has been updated.',
      { detail: PATCH },
    ),
    ...call(
      'Write',
      {
        file_path: 'src/account/SessionsPage.tsx',
        content: 'export function SessionsPage() {\n  return <DataTable rows={useSessions()} />;\n}\n',
      },
      'src/account/SessionsPage.tsx',
      'File created successfully',
    ),
    ...call(
      'WebFetch',
      { url: 'https://example.org/docs/sessions', prompt: 'What is the session limit?' },
      'https://example.org/docs/sessions',
      'At most 20 sessions.',
    ),
    ...call(
      'Bash',
      { command: 'npm test -- sessions' },
      'npm test -- sessions',
      '\u001b[32mPASS\u001b[39m  src/server/sessions.test.ts\n  ✓ lists only active sessions\n  ✓ refuses to revoke a session of another person\n\nTests: 2 passed',
    ),
    {
      attempt: 1,
      type: 'text',
      text: '## Done\n\nThe page lists the sessions:\n\n- each row can be **revoked**\n- `Revoke all` asks first\n\n| check | result |\n|---|---|\n| tests | 2 passed |\n\n```ts\nconst left = await sessions(actor.id);\n```\n',
      parent: null,
    },
    { attempt: 1, type: 'usage', agent_cost_usd: 1.84, turns: 9 },
    { attempt: 1, type: 'result', ok: true, text: 'The page lists the sessions.', structured: null },
  ];
}

/** `count` records that differ, in the mixture of a long run. */
export function manyRecords(count: number): NewRecord[] {
  const out: NewRecord[] = [{ attempt: 1, type: 'user', text: 'Work through the whole list.', by: 'owner', images: [] }];
  for (let index = 1; out.length < count; index += 1) {
    if (index % 5 === 0)
      out.push({
        attempt: 1,
        type: 'text',
        text: `Step ${index}: ${'the module is read, changed and tested. '.repeat(1 + (index % 6))}`,
        parent: null,
      });
    else if (index % 7 === 0)
      out.push(
        ...call(
          'Bash',
          { command: `npm test -- module-${index}` },
          `npm test -- module-${index}`,
          Array.from({ length: index % 40 }, (_, line) => `line ${line} of ${index}`).join('\n'),
          { ok: index % 21 !== 0 },
        ),
      );
    else out.push(...call('Read', { file_path: `src/module-${index}.ts` }, `src/module-${index}.ts`, `export const value = ${index};`));
  }
  return out.slice(0, count);
}

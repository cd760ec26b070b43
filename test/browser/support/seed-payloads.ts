/** A home in which every text that somebody else could have written is a payload. */
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/adapters/store/sqlite/open.ts';
import { attemptRow, projectRow, runRow } from '../../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { transcriptFiles } from '../../../src/adapters/transcript/files/transcripts.ts';
import type { NewRecord } from '../../../src/ports/transcript.ts';
import { git, sampleRepository, writeFiles } from '../../support/repository.ts';
import { PAYLOADS, type Payload } from './payloads.ts';
import { type SeededChange, seedChange } from './seed-change.ts';

export interface SeededPayloads {
  readonly change: SeededChange;
  readonly folders: readonly string[];
}

/** A run for each payload, on the board; one run whose transcript, logs, commits, files and lines are made of all of them. */
export async function seedPayloads(home: string): Promise<SeededPayloads> {
  const change = await seedChange(home, 'Everything at once', { 'README.md': '# before\n' }, commitAll);
  const clock = systemClock();
  const store = await openSqliteStore({ path: join(home, 'gluon.db'), clock, log: silentLog() });
  const transcripts = transcriptFiles({ logFolder: (id) => join(home, 'logs', id), clock });
  const folders = [change.repository];
  try {
    const path = await sampleRepository();
    folders.push(path);
    const at = new Date(clock.nowMs()).toISOString();
    await store.transaction(async (tx) => {
      for (const [index, { text }] of PAYLOADS.entries()) {
        // Names as no door would take them: what is in the store is not trusted either.
        const project = projectRow({ id: id(), name: text, path: index === 0 ? path : `/nowhere/${index}/${text.replaceAll('\0', '')}` });
        const status = (['review', 'completed', 'failed', 'cancelled'] as const)[index % 4] ?? 'review';
        const run = runRow(project.id, {
          id: id(),
          title: text,
          prompt: text,
          status,
          outcome: status === 'failed' ? 'agent_exit' : 'completed',
          outcome_detail: text,
          branch_name: text,
          base_branch: text,
          agent: 'fake',
          model: text,
          initiator: text,
          egress_refused: [text],
          attempts: 1,
          created_at: at,
          queued_at: at,
          started_at: at,
          ended_at: at,
          updated_at: at,
        });
        await tx.insertProject(project);
        await tx.insertRun(run);
        await tx.insertAttempt(
          attemptRow(run.id, { id: id(), state: 'ended', outcome: run.outcome, detail: text, started_at: at, ended_at: at }),
        );
      }
    });
    await transcripts.append(change.run, PAYLOADS.flatMap(records));
    for (const stream of ['stdout', 'stderr'] as const) {
      await transcripts.appendLog(change.run, stream, Buffer.from(PAYLOADS.map(({ text }) => `${text}\n`).join('')));
    }
    return { change, folders };
  } finally {
    await transcripts.close();
    await store.close();
  }
}

/** Each payload is the message of a commit, the name of its file and what stands in it. */
async function commitAll(repository: string): Promise<void> {
  for (const { mark, text } of PAYLOADS) {
    const name = text.replaceAll('/', '∕').replaceAll('\0', '').slice(0, 60);
    await writeFiles(repository, { [`${mark} ${name}`]: `${text}\n` });
    await git(repository, 'add', '--all');
    await git(repository, 'commit', '--quiet', '--message', `${text}\n\n${text}`);
  }
}

function records({ mark, text }: Payload): NewRecord[] {
  const call = (name: string, input: Record<string, unknown>, output: string, ok: boolean, detail: unknown = null): NewRecord[] => [
    { attempt: 1, type: 'tool_use', id: `${mark}-${name}`, name, input, summary: text, parent: null },
    { attempt: 1, type: 'tool_result', id: `${mark}-${name}`, name, ok, output, detail, parent: null },
  ];
  return [
    { attempt: 1, type: 'user', text, by: text, images: [] },
    { attempt: 1, type: 'text', text, parent: null },
    { attempt: 1, type: 'thinking', text, parent: null },
    // Failed calls are open: what they hold is drawn.
    ...call('Bash', { command: text, description: text }, text, false),
    ...call('Read', { file_path: text }, text, false),
    ...call('Edit', { file_path: text, old_string: text, new_string: `${text}.` }, text, false),
    ...call('Write', { file_path: text, content: text }, text, false),
    ...call('Grep', { pattern: text, path: text }, text, false),
    ...call('WebFetch', { url: text, prompt: text }, text, false),
    ...call('TodoWrite', { todos: [{ content: text, status: 'in_progress' }] }, text, true),
    ...call('Task', { description: text, prompt: text, subagent_type: text }, text, false),
    ...call(text.slice(0, 60), { [text.slice(0, 60)]: text }, text, false, { text }),
    { attempt: 1, type: 'subagent', id: `${mark}-Task`, parent: null, state: 'ended', kind: text, summary: text, tokens: 1 },
    { attempt: 1, type: 'rate_limit', retry: 1, of: 2, delay_ms: 1, status: 429, cause: text },
    { attempt: 1, type: 'error', text, outcome: 'agent_exit' },
    { attempt: 1, type: 'system', text },
    { attempt: 1, type: 'result', ok: false, text, structured: { [text]: text } },
  ] as NewRecord[];
}

function id(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryBus } from '../adapters/bus/memory/bus.ts';
import { openTemporary, withProject, withRun } from '../adapters/store/sqlite/opened.fixture.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { silentLog } from '../adapters/system/log.ts';
import { transcriptFiles } from '../adapters/transcript/files/transcripts.ts';
import type { LiveHint } from '../ports/bus.ts';
import type { RunRow, Store } from '../ports/store.ts';
import type { Transcripts } from '../ports/transcript.ts';
import { type TranscriptDigest, transcriptDigest } from './transcript-digest.ts';

let folder: string;
let store: Store;
let run: RunRow;
let files: Transcripts;
let digest: TranscriptDigest;
let hints: LiveHint[];
let broken: boolean;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-digest-'));
  store = await openTemporary();
  run = await withRun(store, (await withProject(store)).id);
  files = transcriptFiles({ logFolder: (id) => join(folder, id), clock: systemClock() });
  hints = [];
  broken = false;
  digest = opened();
});
afterEach(async () => {
  broken = false;
  await digest.close();
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(): TranscriptDigest {
  const failing: Store = {
    ...store,
    transaction: (work, options) => (broken ? Promise.reject(new Error('the disk is full')) : store.transaction(work, options)),
  };
  const bus = memoryBus(silentLog());
  bus.subscribe((hint) => hints.push(hint));
  const settings = { get: () => [] as never };
  const clock = systemClock();
  return transcriptDigest({ store: failing, bus, redact: (text) => text, settings, log: silentLog(), clock }, files);
}

const say = (text: string, id = run.id) => digest.transcripts.append(id, [{ type: 'text', attempt: 1, text }]);
const hits = async (...words: string[]) => (await store.searchTexts(words, null, Number.MAX_SAFE_INTEGER, 100)).map((hit) => hit.seq);

it('takes in many records with few writes, and tells cards what the agent does', async () => {
  for (let n = 1; n <= 120; n += 1) await say(`word ${n}`);
  await digest.transcripts.append(run.id, [{ type: 'tool_use', attempt: 1, name: 'Bash', summary: 'npm test' }]);
  digest.notes.context(run.id, 5_000, null);
  digest.notes.context(run.id, 6_000, 200_000);
  digest.notes.context(run.id, 7_000, null);
  digest.notes.todos(run.id, [{ text: 'a', status: 'pending' }]);
  digest.notes.commands(run.id, ['review']);
  await digest.close();
  expect(await store.runFacts(run.id)).toMatchObject({
    last_activity: { tool: 'Bash', text: 'npm test' },
    context_tokens: 7_000,
    context_window: 200_000,
    todos: [{ text: 'a', status: 'pending' }],
    indexed_seq: 121,
  });
  expect(await hits('word')).toHaveLength(100);
  expect(await hits('npm')).toEqual([121]);
  expect(await store.projectCommands(run.project_id)).toEqual(['review']);
  const told = hints.filter((hint) => hint.type === 'run_activity' && hint.topic === 'board');
  expect(told.length).toBeLessThanOrEqual(2);
  expect(told.at(-1)?.data).toMatchObject({ id: run.id, context_tokens: 7_000, last_activity: { tool: 'Bash' } });
});

it('keeps what could not be written, and writes it when the store is back', async () => {
  broken = true;
  await say('first');
  await digest.catchUp([run.id]);
  broken = false;
  await say('second');
  await digest.close();
  expect(await hits('first')).toEqual([1]);
  expect(await hits('second')).toEqual([2]);
  expect((await store.runFacts(run.id))?.indexed_seq).toBe(2);
});

it('reads again what had no room while the store could not be written', async () => {
  broken = true;
  const records = Array.from({ length: 2_100 }, (_, n) => ({ type: 'text' as const, attempt: 1, text: `word ${n}` }));
  await digest.transcripts.append(run.id, records);
  await digest.catchUp([run.id]);
  broken = false;
  // The next good write is brought about by another run.
  const other = await withRun(store, run.project_id);
  await files.append(other.id, [{ type: 'text', attempt: 1, text: 'other' }]);
  await digest.catchUp([other.id]);
  await say('later');
  await expect.poll(async () => (await store.runFacts(run.id))?.indexed_seq, { timeout: 30_000 }).toBe(2_101);
  expect(await hits('word', '2050')).toEqual([2_051]);
  expect(await hits('later')).toEqual([2_101]);
}, 60_000);

it('takes in after a start what an earlier process left out, once', async () => {
  await files.append(run.id, [
    { type: 'user', attempt: 1, text: 'before the kill' },
    { type: 'text', attempt: 1, text: 'also before' },
  ]);
  await digest.catchUp([run.id, run.id]);
  await digest.catchUp([run.id]);
  expect(await hits('before')).toEqual([2, 1]);
  await say('after');
  await digest.close();
  expect(await hits('after')).toEqual([3]);
});

it('passes over a run that was taken away meanwhile', async () => {
  const other = await withRun(store, run.project_id);
  await say('kept');
  await say('gone', other.id);
  await store.transaction((tx) => tx.deleteRun(other.id));
  await digest.close();
  expect(await hits('kept')).toEqual([1]);
  expect(await hits('gone')).toEqual([]);
  expect(await store.integrityProblem()).toBeNull();
});

/**
 * Takes in what is appended to transcripts, for the search index and for cards: what an agent did last, its todos, its context. Many
 * records make one write, at most once a second; none of it is needed to go on, and what a crash leaves out is taken in at the start.
 */
import type { TranscriptRecord } from '../contract/resources.ts';
import { searchableText } from '../core/search/words.ts';
import type { Transcripts } from '../ports/transcript.ts';
import type { RunFactsRow, SearchableText } from '../ports/web-store.ts';
import type { AgentNotes } from './agent-notes.ts';
import { type Deps, now } from './deps.ts';
import { noteProblem } from './problems.ts';
import type { UnitDeps } from './unit-of-work.ts';

export interface TranscriptDigest {
  /** The same transcripts; what is appended through them is taken in. */
  readonly transcripts: Transcripts;
  /** What an agent tells beside its transcript. */
  readonly notes: AgentNotes;
  /** For runs whose end of the transcript may not have been taken in. */
  catchUp(runIds: readonly string[]): Promise<void>;
  /** Writes what waits; takes in nothing more. */
  close(): Promise<void>;
}

type DigestDeps = UnitDeps & Pick<Deps, 'log' | 'clock'>;

/** From the first record after a pause to the write, and between two writes. */
const FIRST_MS = 250;
const BETWEEN_MS = 1_000;
const AFTER_FAILURE_MS = 10_000;
/** One transaction: other writers wait for it, and so does the event loop. */
const TEXTS_AT_ONCE = 50;
/** What may wait in memory while the store cannot be written; later records are read again after the next good write. */
const MOST_WAITING = 2_000;
const MOST_COMMANDS = 500;
const CATCH_UP_RECORDS = 500;

interface Waiting {
  texts: SearchableText[];
  facts: Partial<Omit<RunFactsRow, 'run_id'>>;
}

function activityOf(record: TranscriptRecord): RunFactsRow['last_activity'] {
  return { tool: String(record.name), text: String(record.summary ?? ''), at: record.at };
}

export function transcriptDigest(deps: DigestDeps, inner: Transcripts): TranscriptDigest {
  const waiting = new Map<string, Waiting>();
  const commands = new Map<string, string[]>();
  /** Runs of which something was dropped, with its last record: taken in only by reading on from what is stored. */
  const behind = new Map<string, number>();
  let readingOn = false;
  let texts = 0;
  let cancel: (() => void) | null = null;
  let writing: Promise<boolean> | null = null;
  let wroteAtMs = Number.NEGATIVE_INFINITY;
  let closed = false;

  function of(runId: string): Waiting {
    const known = waiting.get(runId) ?? { texts: [], facts: {} };
    waiting.set(runId, known);
    return known;
  }

  function soon(delayMs = FIRST_MS): void {
    if (closed || cancel !== null || writing !== null) return;
    const dueMs = Math.max(delayMs, wroteAtMs + BETWEEN_MS - deps.clock.monotonicMs());
    cancel = deps.clock.after(dueMs, () => {
      cancel = null;
      void write();
    });
  }

  /** `read`: from the transcript, in order after what is stored; such are never dropped. */
  function take(runId: string, records: readonly TranscriptRecord[], read = false): void {
    const run = of(runId);
    for (const record of records) {
      const text = searchableText(record);
      // Its place in the index stays before the first record that was dropped.
      if (!read && (behind.has(runId) || (text !== null && texts >= MOST_WAITING))) {
        behind.set(runId, record.seq);
        if (record.type === 'tool_use') run.facts.last_activity = activityOf(record);
        continue;
      }
      if (text !== null) {
        run.texts.push({ seq: record.seq, type: record.type, at: record.at, text });
        texts += 1;
      }
      if (record.type === 'tool_use') run.facts.last_activity = activityOf(record);
      run.facts.indexed_seq = record.seq;
    }
    soon();
  }

  /** False: something could not be written, and waits. */
  function write(): Promise<boolean> {
    writing ??= writeAll()
      .then(() => true)
      .catch(async (error: unknown) => {
        await noteProblem(deps, 'transcript digest', error);
        return false;
      })
      .then((done) => {
        writing = null;
        wroteAtMs = deps.clock.monotonicMs();
        if (waiting.size > 0 || commands.size > 0) soon(done ? FIRST_MS : AFTER_FAILURE_MS);
        if (done && behind.size > 0 && !readingOn) void readOn();
        return done;
      });
    return writing;
  }

  async function writeAll(): Promise<void> {
    for (const [runId, names] of [...commands]) {
      await store(async (tx) => {
        const run = await tx.run(runId);
        if (run !== null) await tx.putProjectCommands(run.project_id, names, now(deps));
      });
      if (commands.get(runId) === names) commands.delete(runId);
    }
    for (const [runId, run] of [...waiting]) {
      waiting.delete(runId);
      try {
        await writeRun(runId, run);
      } catch (error) {
        // It waits for better times; what came meanwhile is newer.
        const newer = of(runId);
        waiting.set(runId, { texts: [...run.texts, ...newer.texts], facts: { ...run.facts, ...newer.facts } });
        throw error;
      }
    }
  }

  async function writeRun(runId: string, run: Waiting): Promise<void> {
    for (let from = 0; from === 0 || from < run.texts.length; from += TEXTS_AT_ONCE) {
      const part = run.texts.slice(from, from + TEXTS_AT_ONCE);
      const last = from + TEXTS_AT_ONCE >= run.texts.length;
      await store(async (tx) => {
        // The run may have been taken away meanwhile.
        if ((await tx.run(runId)) === null) return;
        await tx.indexTexts(runId, part);
        if (last) await tx.patchRunFacts(runId, run.facts);
      });
      // Others may go on in between.
      await deps.clock.sleep(0);
    }
    texts -= run.texts.length;
    const { last_activity, context_tokens, context_window } = run.facts;
    const shown = Object.entries({ last_activity, context_tokens, context_window }).filter(([, value]) => value !== undefined);
    if (shown.length === 0) return;
    const data = { id: runId, ...Object.fromEntries(shown) };
    deps.bus.publish({ topic: 'board', type: 'run_activity', data });
    deps.bus.publish({ topic: `run:${runId}`, type: 'run_activity', data });
  }

  /** A power cut may take the last moments: they are taken in again at the start. */
  const store = (work: Parameters<Deps['store']['transaction']>[0]) => deps.store.transaction(work, { survives: 'process' });

  async function catchUp(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      let after = (await deps.store.runFacts(runId))?.indexed_seq ?? 0;
      const { last_seq: last } = await inner.counts(runId);
      // What comes while it is read waits in the transcript too.
      while (after < Math.max(last, behind.get(runId) ?? 0) && !closed) {
        const { items } = await inner.read(runId, { after, limit: CATCH_UP_RECORDS });
        const seq = items.at(-1)?.seq;
        if (seq === undefined) break;
        take(runId, items, true);
        if (!(await write())) return;
        after = seq;
      }
      if (!closed && after >= (behind.get(runId) ?? 0)) behind.delete(runId);
    }
  }

  /** What was dropped is in the transcript: read from there, now that the store takes it. */
  async function readOn(): Promise<void> {
    readingOn = true;
    try {
      await catchUp([...behind.keys()]);
    } catch (error) {
      // Tried again after the next good write.
      await noteProblem(deps, 'transcript digest', error);
    } finally {
      readingOn = false;
    }
  }

  return {
    transcripts: {
      ...inner,
      async append(runId, records) {
        const written = await inner.append(runId, records);
        take(runId, written);
        return written;
      },
    },
    notes: {
      todos(runId, todos) {
        Object.assign(of(runId).facts, { todos, todos_at: now(deps) });
        soon();
      },
      context(runId, tokens, window) {
        Object.assign(of(runId).facts, { context_tokens: tokens, ...(window === null ? {} : { context_window: window }) });
        soon();
      },
      commands(runId, names) {
        commands.set(runId, names.slice(0, MOST_COMMANDS));
        soon();
      },
    },
    catchUp,
    async close() {
      closed = true;
      cancel?.();
      cancel = null;
      await writing;
      if (waiting.size > 0 || commands.size > 0) await writeAll();
    },
  };
}

/** Finds runs by their title, branch, id and prompt, and what was said in their transcripts. */
import { GluonError } from '../contract/errors.ts';
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { SearchHit } from '../contract/web-resources.ts';
import { searchableText, searchWords, snippetOf } from '../core/search/words.ts';
import type { RunRow } from '../ports/store.ts';
import type { TextHit } from '../ports/web-store.ts';
import type { Deps } from './deps.ts';
import { findProject } from './find.ts';
import { only } from './only.ts';

/** Runs come first and only with the first page: who looks for a run finds it at once, or asks for more of it. */
const MOST_RUNS = 20;
const MOST_BY_ID = 5;
const SHORTEST_ID = 4;

export async function search(deps: Deps, input: ParsedInput<'search.query'>): Promise<OperationOutput<'search.query'>> {
  const project = input.project === undefined ? null : (await findProject(deps.store, input.project)).id;
  const names = new Map((await deps.store.projects()).map((one) => [one.id, one.name]));
  const runs = input.cursor === undefined ? await runHits(deps, input.q, project, names) : [];
  const words = searchWords(input.q);
  const limit = Math.max(1, input.limit - runs.length);
  const found = await deps.store.searchTexts(words, project, placeOf(input.cursor), limit + 1);
  const shown = found.slice(0, limit);
  const messages = await Promise.all(shown.map((hit) => messageHit(deps, hit, words, names)));
  const last = shown.at(-1);
  return {
    items: [...runs, ...messages.filter((hit) => hit !== null)],
    next_cursor: found.length > limit && last !== undefined ? String(last.number) : null,
  };
}

function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new GluonError('bad_request', { why: 'the cursor is not one that a page of this search ended with' });
}

async function runHits(deps: Deps, query: string, project: string | null, names: ReadonlyMap<string, string>): Promise<SearchHit[]> {
  const id = query.toLowerCase();
  const looksLikeId = new RegExp(`^[0-9a-f]{${SHORTEST_ID},32}$`).test(id);
  const [byId, byText, byBranch] = await Promise.all([
    looksLikeId ? deps.store.runIdsByPrefix(id, MOST_BY_ID) : [],
    deps.store.listRuns(only({ project_id: project ?? undefined, search: query }), MOST_RUNS),
    deps.store.runsByBranchPart(query, project, MOST_RUNS),
  ]);
  const rows = new Map<string, RunRow>();
  for (const runId of [...byId, ...byBranch]) {
    const row = await deps.store.run(runId);
    if (row !== null && (project === null || row.project_id === project)) rows.set(row.id, row);
  }
  for (const row of byText.items) rows.set(row.id, row);
  return [...rows.values()].slice(0, MOST_RUNS).map((row) => runHit(row, query, names));
}

function runHit(row: RunRow, query: string, names: ReadonlyMap<string, string>): SearchHit {
  const wanted = query.toLowerCase();
  const fields = { title: row.title, branch: row.branch_name ?? '', id: row.id, prompt: row.prompt };
  const field = (Object.keys(fields) as (keyof typeof fields)[]).find((name) => fields[name].toLowerCase().includes(wanted)) ?? 'prompt';
  return { ...aboutRun(row, names), kind: 'run', field, seq: null, ...hitText(fields[field], [wanted]), at: row.created_at };
}

async function messageHit(
  deps: Deps,
  hit: TextHit,
  words: readonly string[],
  names: ReadonlyMap<string, string>,
): Promise<SearchHit | null> {
  const run = await deps.store.run(hit.run_id);
  const { items } = await deps.transcripts.read(hit.run_id, { after: hit.seq - 1, limit: 1 });
  const [record] = items;
  // The transcript was cut by somebody else: its words are in the index still, and lead nowhere.
  if (run === null || record === undefined || record.seq !== hit.seq) return null;
  const text = hitText(searchableText(record) ?? '', words);
  return { ...aboutRun(run, names), kind: 'message', field: hit.type, seq: hit.seq, ...text, at: hit.at };
}

function aboutRun(row: RunRow, names: ReadonlyMap<string, string>) {
  return { run_id: row.id, run_title: row.title, project: names.get(row.project_id) ?? '', status: row.status, archived: row.archived };
}

function hitText(text: string, words: readonly string[]): Pick<SearchHit, 'snippet' | 'marks'> {
  const { text: snippet, marks } = snippetOf(text, words);
  return { snippet, marks };
}

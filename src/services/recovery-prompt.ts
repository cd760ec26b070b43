/** Gathers what a fresh session must know to go on with a run. */
import { recoveryPrompt } from '../core/run/prompts.ts';
import type { RunRow } from '../ports/store.ts';
import type { Deps } from './deps.ts';

const RECORDS_LOOKED_AT = 500;

export async function makeRecoveryPrompt(deps: Omit<Deps, 'wake'>, run: RunRow): Promise<string> {
  const current = (await deps.store.run(run.id)) ?? run;
  const project = await deps.store.project(run.project_id);
  const window = await deps.transcripts.read(run.id, { types: ['text', 'tool_use'], limit: RECORDS_LOOKED_AT });
  const texts = window.items.filter((record) => record.type === 'text' && record.parent === null);
  const last = texts.at(-1)?.text;
  const changed =
    project !== null && current.base_commit !== null && current.head_commit !== null
      ? (await deps.git.changes(project.path, current.base_commit, current.head_commit)).map((file) => file.path)
      : [];
  return recoveryPrompt({
    prompt: run.prompt,
    doneItems: doneItems(window.items),
    changedFiles: changed,
    lastSummary: typeof last === 'string' ? last : '',
  });
}

/** The ticked items of the agent's last todo list. */
function doneItems(records: readonly Record<string, unknown>[]): string[] {
  const list = records.findLast((record) => record.type === 'tool_use' && record.name === 'TodoWrite')?.input;
  const todos = typeof list === 'object' && list !== null && 'todos' in list ? list.todos : [];
  if (!Array.isArray(todos)) return [];
  return todos.flatMap((todo: unknown) =>
    typeof todo === 'object' && todo !== null && 'status' in todo && todo.status === 'completed' && 'content' in todo
      ? [String(todo.content)]
      : [],
  );
}

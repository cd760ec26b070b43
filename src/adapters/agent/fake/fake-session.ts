/** The memory of the fake agent: prompts by session, as files in the session folder, read and written inside the confinement. */
import type { AgentSpec } from '../../../ports/agent.ts';
import { runShell } from './run-shell.ts';

export interface FakeSession {
  prompts: string[];
}

/** Null when a session that should be continued is not there, or was cut off when the power went. */
export async function openSession(spec: AgentSpec): Promise<FakeSession | null> {
  if (spec.session.kind === 'start') return { prompts: [] };
  const id = spec.session.kind === 'fork' ? spec.session.from : spec.sessionId;
  const read = await runShell(spec, 'cat -- "$1"', [fileOf(spec, id)]);
  if (!read.ok) return null;
  try {
    return JSON.parse(read.output) as FakeSession;
  } catch {
    // As with the real one: a session that cannot be read cannot be continued, and the attempt says so.
    return null;
  }
}

export async function saveSession(spec: AgentSpec, session: FakeSession): Promise<void> {
  await runShell(spec, 'cat > "$1"', [fileOf(spec, spec.sessionId)], JSON.stringify(session));
}

function fileOf(spec: AgentSpec, id: string): string {
  return `${spec.sessionFolder}/fake-${id}.json`;
}

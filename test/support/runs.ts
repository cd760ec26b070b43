/** Runs for end-to-end tests: submitted, waited for, and refused, through the public doors. */
import { readdirSync, readFileSync } from 'node:fs';
import type { OperationInput } from '../../src/contract/operations.ts';
import type { Run } from '../../src/contract/resources.ts';
import type { CliResult, Gluon } from './gluon.ts';

export type Submission = Omit<OperationInput<'runs.create'>, 'prompt'>;

export const settled = (run: Run): boolean => run.status !== 'pending' && run.status !== 'running';

/** A run of the fake agent: its prompt is its script. */
export function submit(gluon: Gluon, project: string, prompt: string, more: Submission = {}): Promise<Run> {
  return gluon.call('runs.create', { project, prompt, agent: 'fake', ...more });
}

export function untilSettled(gluon: Gluon, id: string, timeoutMs?: number): Promise<Run> {
  return gluon.until(id, settled, 'it is settled', timeoutMs);
}

export async function finished(gluon: Gluon, project: string, prompt: string, more: Submission = {}): Promise<Run> {
  const made = await submit(gluon, project, prompt, more);
  return untilSettled(gluon, made.id);
}

export interface Problem {
  status: number;
  code: string;
  detail: string;
  action: string;
}

/** The problem document of a call that must be refused. */
export async function refusal(gluon: Gluon, method: string, path: string, body?: unknown): Promise<Problem> {
  const answer = await gluon.raw(method, path, body);
  const { code, detail, action } = answer.body as Problem;
  return { status: answer.status, code, detail, action };
}

/** What a command that failed with `--json` said of it. */
export function cliProblem(result: CliResult): { exit: number | null; code: string; sentence: string; action: string } {
  const line = result.stderr.trim().split('\n').at(-1) ?? '';
  const { error } = JSON.parse(line) as { error: { code: string; sentence: string; action: string } };
  return { exit: result.code, ...error };
}

export async function messages(gluon: Gluon, run: string, ...types: string[]): Promise<Record<string, unknown>[]> {
  const { items } = await gluon.call('runs.messages', { run, limit: 2_000 });
  return types.length === 0 ? items : items.filter((item) => types.includes(item.type));
}

export async function eventTypes(gluon: Gluon, run: string): Promise<string[]> {
  const { items } = await gluon.call('runs.events', { run, limit: 500 });
  return items.map((event) => event.type);
}

/** Bounded wait for anything that is no run. */
export async function eventually<T>(look: () => Promise<T | null | undefined | false>, what: string, timeoutMs = 25_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Pids of everything that lives in the sandboxes of a run: its id stands in their environment. */
export function processesOf(run: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(run))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // It ended between the two looks.
    return '';
  }
}

/** Waits until the agent has said something. */
export function untilSaid(gluon: Gluon, run: string, text: string): Promise<unknown> {
  return eventually(
    async () => (await messages(gluon, run, 'text')).find((record) => String(record.text).includes(text)),
    `"${text}" in the transcript of ${run}`,
  );
}

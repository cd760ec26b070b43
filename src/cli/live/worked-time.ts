/** How long a run was worked on: what lay between its attempts is time in which nothing happened. */
import type { Run } from '../../contract/resources.ts';
import type { Client } from '../client.ts';

/** Milliseconds. From the first attempt to the end; of a run that never started, from its submission. */
export function elapsedMs(run: Run, nowMs: number): number {
  const from = Date.parse(run.started_at ?? run.created_at);
  return (run.ended_at === null ? nowMs : Date.parse(run.ended_at)) - from;
}

/** Milliseconds in which an attempt lived. One attempt is all that most runs have: then nothing is asked. */
export async function workedMs(client: Pick<Client, 'call'>, run: Run, nowMs: number): Promise<number> {
  if (run.attempts < 2) return elapsedMs(run, nowMs);
  const { items } = await client.call('runs.attempts', { run: run.id });
  const lives = items.map(({ started_at, ended_at }) => (ended_at === null ? nowMs : Date.parse(ended_at)) - Date.parse(started_at));
  return lives.reduce((sum, ms) => sum + ms, 0);
}

/** The same for a list, by id. */
export async function workedMsOf(client: Pick<Client, 'call'>, runs: readonly Run[], nowMs: number): Promise<ReadonlyMap<string, number>> {
  return new Map(await Promise.all(runs.map(async (run) => [run.id, await workedMs(client, run, nowMs)] as const)));
}

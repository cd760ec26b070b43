/** Every benchmark by name, in the order of the table. Loaded one at a time: what one imports must not weigh on another. */
import type { Bench } from './row.ts';

export const BENCHES: ReadonlyMap<string, () => Promise<Bench>> = new Map<string, () => Promise<Bench>>([
  ['run', async () => (await import('./whole-run.ts')).wholeRun],
  ['gateway', async () => (await import('./gateway.ts')).gateway],
  ['live', async () => (await import('./live.ts')).live],
  ['lists', async () => (await import('./lists.ts')).lists],
  ['cli', async () => (await import('./cli.ts')).cli],
  ['start', async () => (await import('./start.ts')).start],
  ['idle', async () => (await import('./idle.ts')).idle],
  ['git', async () => (await import('./git.ts')).git],
  ['transcripts', async () => (await import('./transcripts.ts')).transcripts],
  ['page', async () => (await import('./page.ts')).page],
  ['page-diff', async () => (await import('./page-diff.ts')).pageDiff],
  ['sandbox', async () => (await import('./sandbox.ts')).sandbox],
]);

/** Ids of runs as people type them. */
import { GluonError } from '../contract/errors.ts';
import type { Arguments } from './command.ts';

/** Any unique prefix is taken by the server; what cannot be one is not asked for. Throws `run_not_found`. */
export function runRef(args: Arguments, name = 'run'): string {
  const typed = args.required(name);
  const id = typed.trim().toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(id)) throw new GluonError('run_not_found', { run: typed });
  return id;
}

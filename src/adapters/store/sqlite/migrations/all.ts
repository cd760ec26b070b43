import { statements as tables } from './001-tables.ts';
import { statements as usageRollups } from './002-usage-rollups.ts';
import { statements as runSearch } from './003-run-search.ts';
import { statements as runIntent } from './004-run-intent.ts';
import { statements as web } from './005-web.ts';
import { statements as sessionTies } from './006-session-ties.ts';
import { statements as retention } from './007-retention.ts';

export interface NumberedMigration {
  readonly name: string;
  readonly statements: readonly string[];
}

/** In order; the place in this list (from 1) is the schema version. Never change one that was released. */
export const MIGRATIONS: readonly NumberedMigration[] = [
  { name: '001-tables', statements: tables },
  { name: '002-usage-rollups', statements: usageRollups },
  { name: '003-run-search', statements: runSearch },
  { name: '004-run-intent', statements: runIntent },
  { name: '005-web', statements: web },
  { name: '006-session-ties', statements: sessionTies },
  { name: '007-retention', statements: retention },
];

/** What the tables hold, derived from the rows of the port. */
import type { ColumnType, Generated } from 'kysely';
import type { Attachment } from '../../../contract/resources.ts';
import type {
  AttemptRow,
  EgressRow,
  FollowUpRow,
  ModelCallRow,
  ProjectRow,
  QuestionRow,
  RunRow,
  WorkspaceRow,
} from '../../../ports/store.ts';
import type { WebTables } from './web-tables.ts';

/** Rows as the port has them, by table. */
export interface PortRows {
  projects: ProjectRow;
  workspaces: WorkspaceRow;
  runs: RunRow;
  attempts: AttemptRow;
  questions: QuestionRow;
  follow_ups: FollowUpRow;
  attachments: Attachment;
  model_calls: ModelCallRow;
  egress_log: EgressRow;
}

/** Booleans are 0 or 1, structures are JSON text. */
type StoredValue<V> = V extends boolean ? number : V extends string | number | null ? V : string;
export type Stored<T> = { [K in keyof T]: StoredValue<T[K]> };

interface Totals {
  model_calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
}

export interface Tables extends WebTables {
  projects: Stored<ProjectRow>;
  workspaces: Stored<WorkspaceRow>;
  runs: Stored<RunRow> & { number: Generated<number> };
  attempts: Stored<AttemptRow>;
  questions: Stored<QuestionRow>;
  follow_ups: Stored<FollowUpRow>;
  attachments: Attachment;
  run_attachments: { run_id: string; attachment_id: string };
  sessions: { session_id: string; run_id: string; project_id: string; attempts: number; last_used_at: string };
  model_calls: Stored<ModelCallRow> & {
    profile: ColumnType<string>;
    first_of_run: Generated<number>;
    first_of_model: Generated<number>;
  };
  usage_days: Totals & { day: string; project_id: string; model: string; runs: number; model_runs: number };
  usage_runs: Totals & { day: string; run_id: string; project_id: string };
  run_counts: { project_id: string; status: RunRow['status']; runs: number };
  forgotten_branches: { branch_name: string; project_id: string; project_path: string };
  run_search: { rowid: number; run_search: string };
  events: {
    id: Generated<number>;
    run_id: string | null;
    seq: number | null;
    project_id: string | null;
    type: string;
    payload: string;
    actor: string;
    at: string;
  };
  egress_log: Stored<EgressRow> & { number: Generated<number> };
  idempotent_answers: { key: string; fingerprint: string; status: number; body: string; at_ms: number };
}

/** The part of the store that adds up money and tokens. */

export interface UsageFilter {
  project_id?: string;
  since?: string;
  until?: string;
}
export interface UsageTotals {
  runs: number;
  model_calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  cost_usd: number;
  unpriced_calls: number;
}

export interface UsageReads {
  /** 90th percentile of the output tokens of the last 200 settled calls of that profile, or null when there are fewer than 5. */
  outputTokensP90(profile: string): Promise<number | null>;
  usageTotals(filter: UsageFilter): Promise<UsageTotals>;
  usageByProject(filter: UsageFilter): Promise<(UsageTotals & { project_id: string })[]>;
  usageByModel(filter: UsageFilter): Promise<(UsageTotals & { model: string })[]>;
  usageByDay(filter: UsageFilter): Promise<(UsageTotals & { day: string })[]>;
  usageByRun(filter: UsageFilter, limit: number): Promise<(UsageTotals & { run_id: string; title: string; project_id: string })[]>;
}

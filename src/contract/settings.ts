/** Everything that `config.yml` may hold, with defaults and reasons. `GLUON_<KEY>` (dots as underscores) wins over the file. */
import { z } from 'zod';
import { NOTIFICATION_KINDS } from '../core/notify/kinds.ts';
import { EgressPolicySchema, SandboxLevelSchema } from './resources.ts';

interface SettingDefinition {
  readonly schema: z.ZodType;
  readonly default: unknown;
  readonly summary: string;
}

function setting<T extends z.ZodType>(schema: T, fallback: z.infer<T>, summary: string) {
  return { schema, default: fallback, summary } as const;
}

const positive = z.number().positive();
const count = z.number().int().nonnegative();

export const SETTINGS = {
  port: setting(z.number().int().min(0).max(65535), 45866, 'TCP port of the server on loopback.'),
  max_concurrent_runs: setting(z.number().int().min(1).max(200), 4, 'Runs with a live attempt at the same time, over all projects.'),
  max_concurrent_runs_per_project: setting(z.number().int().min(1).max(200), 3, 'The same, within one project; a project may set its own.'),
  max_cost_usd: setting(z.number().nonnegative(), 10, 'Money cap of a run that names none; 0 means no cap.'),
  max_duration_minutes: setting(z.number().nonnegative(), 0, 'Wall-clock cap of an attempt that names none; 0 means no cap.'),
  sandbox: setting(SandboxLevelSchema, 'strict', 'Sandbox level of a run that names none.'),
  egress: setting(EgressPolicySchema, 'packages', 'What a strict sandbox may reach beside the model.'),
  egress_max_bytes: setting(count, 2_000_000_000, 'Bytes that one attempt may move through the egress proxy; 0 means no limit.'),
  'caps.memory_mb': setting(count, 4096, 'Memory of an attempt with everything it starts; 0 means no cap.'),
  'caps.cpu_cores': setting(z.number().nonnegative(), 0, 'CPU cores of an attempt; 0 means no cap.'),
  'caps.pids': setting(count, 1024, 'Processes and threads of an attempt; 0 means no cap.'),
  'caps.file_mb': setting(count, 2048, 'Largest file an attempt may write; 0 means no cap.'),
  'caps.disk_mb': setting(count, 10240, 'Bytes that an attempt may add to its working copy and home; 0 means no cap.'),
  question_wait_seconds: setting(positive, 300, 'How long an open question waits before it parks the run.'),
  question_policy: setting(
    z.enum(['park', 'auto']),
    'park',
    'What happens then: park the run, or take the recommended (else the first) option.',
  ),
  resume_after_loss: setting(z.boolean(), true, 'Whether a run whose attempt Gluon itself lost goes on by itself.'),
  max_auto_resumes: setting(count, 5, 'Resumes of one run that no person asked for.'),
  silence_minutes: setting(positive, 20, 'An agent without output and without a model call for so long is ended as silent.'),
  rescue_days: setting(positive, 14, 'How long rescued work of removed working copies is kept.'),
  'retention.completed_days': setting(positive, 30, 'Completed runs are taken off the books so many days after their end.'),
  'retention.failed_days': setting(positive, 14, 'The same for failed and cancelled runs.'),
  'retention.automatic': setting(z.boolean(), true, 'Whether that happens by itself; else only with "gluon cleanup".'),
  'model.default': setting(z.string(), 'claude-sonnet-5', 'Model of a run that names none and whose profile names none.'),
  'model.quick': setting(z.string(), '', 'Model of the profile quick; empty: the default model.'),
  'model.deep': setting(z.string(), '', 'Model of the profile deep; empty: the default model.'),
  models_allowed: setting(
    z.array(z.string().min(1).max(200)).max(100),
    [],
    'Models that agents may call; empty: every model whose price allows it.',
  ),
  prices: setting(
    z.record(
      z.string(),
      z.strictObject({ input: z.number(), output: z.number(), cache_read: z.number().optional(), cache_write: z.number().optional() }),
    ),
    {},
    'Own prices in USD per million tokens, by model name; they win over the built-in table.',
  ),
  notifications: setting(
    z.array(z.enum(NOTIFICATION_KINDS)).max(NOTIFICATION_KINDS.length),
    [...NOTIFICATION_KINDS],
    'Kinds of notifications that are made: for the bell of the page and for browsers that asked for them.',
  ),
  push_contact: setting(
    z
      .string()
      .max(200)
      .regex(/^(mailto:\S+@\S+|https:\/\/\S+)$/),
    'mailto:nobody@example.com',
    'Address that push services get with notifications, to ask about them; some services insist on a real one.',
  ),
  log_level: setting(z.enum(['debug', 'info', 'warn', 'error']), 'info', 'How much the server writes to its log.'),
} as const satisfies Record<string, SettingDefinition>;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValue<K extends SettingKey> = z.infer<(typeof SETTINGS)[K]['schema']>;
export type SettingValues = { [K in SettingKey]: SettingValue<K> };

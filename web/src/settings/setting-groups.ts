/** How each setting is shown and edited. A setting of the contract that has no place here does not compile. */
import type { SettingKey } from '../../../src/contract/settings.ts';

export type Editor =
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly unit?: string }
  | { readonly kind: 'text'; readonly placeholder?: string }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  | { readonly kind: 'several'; readonly options: readonly Option[] }
  | { readonly kind: 'list'; readonly placeholder: string }
  /** `inherited`: what null is called, where null may be chosen. */
  | { readonly kind: 'egress'; readonly inherited?: string }
  | { readonly kind: 'prices' };

export interface Option {
  readonly value: string;
  readonly label: string;
}

interface SettingLook {
  readonly label: string;
  readonly editor: Editor;
}

const options = (labels: Readonly<Record<string, string>>): readonly Option[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

const NUMBER: Editor = { kind: 'number' };
const number = (unit: string): Editor => ({ kind: 'number', unit });

export const SETTING_LOOKS: Readonly<Record<SettingKey, SettingLook>> = {
  max_concurrent_runs: { label: 'Runs at the same time', editor: NUMBER },
  max_concurrent_runs_per_project: { label: 'Runs at the same time per project', editor: NUMBER },
  question_wait_seconds: { label: 'Time to answer a question', editor: number('s') },
  question_policy: {
    label: 'When nobody answers',
    editor: { kind: 'choice', options: options({ park: 'Park the run', auto: 'Take the recommended option' }) },
  },
  resume_after_loss: { label: 'Go on after a loss', editor: { kind: 'switch' } },
  max_auto_resumes: { label: 'Automatic resumes', editor: NUMBER },
  silence_minutes: { label: 'Silence that ends an agent', editor: number('min') },

  max_cost_usd: { label: 'Money cap of a run', editor: number('USD') },
  max_duration_minutes: { label: 'Time cap of an attempt', editor: number('min') },
  'model.default': { label: 'Default model', editor: { kind: 'text' } },
  'model.quick': { label: 'Model of quick runs', editor: { kind: 'text', placeholder: 'The default model' } },
  'model.deep': { label: 'Model of deep runs', editor: { kind: 'text', placeholder: 'The default model' } },
  models_allowed: { label: 'Models that agents may call', editor: { kind: 'list', placeholder: 'Every model whose price allows it' } },
  prices: { label: 'Own prices', editor: { kind: 'prices' } },

  sandbox: {
    label: 'Sandbox level',
    editor: { kind: 'choice', options: options({ strict: 'Strict', standard: 'Standard', none: 'None' }) },
  },
  egress: { label: 'Network', editor: { kind: 'egress' } },
  egress_max_bytes: { label: 'Network bytes of an attempt', editor: number('bytes') },
  'caps.memory_mb': { label: 'Memory', editor: number('MB') },
  'caps.cpu_cores': { label: 'CPU cores', editor: NUMBER },
  'caps.pids': { label: 'Processes and threads', editor: NUMBER },
  'caps.file_mb': { label: 'Largest file', editor: number('MB') },
  'caps.disk_mb': { label: 'Disk', editor: number('MB') },

  notifications: {
    label: 'Kinds of notifications',
    editor: {
      kind: 'several',
      options: options({
        question_asked: 'An agent asks',
        question_parked: 'A question was parked',
        run_review: 'A run is ready for review',
        run_completed: 'A run is done',
        run_failed: 'A run failed',
        cap_reached: 'A cap is reached',
        egress_refused: 'A connection was refused',
        capacity: 'The provider holds back',
        merge_refused: 'A merge could not be made',
      }),
    },
  },

  push_contact: { label: 'Contact for push services', editor: { kind: 'text', placeholder: 'mailto:you@example.org' } },

  rescue_days: { label: 'Keep rescued work', editor: number('days') },
  'retention.automatic': { label: 'Clean up by itself', editor: { kind: 'switch' } },
  'retention.completed_days': { label: 'Keep completed runs', editor: number('days') },
  'retention.failed_days': { label: 'Keep failed and cancelled runs', editor: number('days') },

  port: { label: 'Port', editor: NUMBER },
  log_level: {
    label: 'Log level',
    editor: { kind: 'choice', options: options({ debug: 'Debug', info: 'Info', warn: 'Warnings', error: 'Errors' }) },
  },
};

export interface SettingGroup {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly SettingKey[];
}

export const SETTING_GROUPS: readonly SettingGroup[] = [
  {
    id: 'runs',
    title: 'Runs',
    keys: [
      'max_concurrent_runs',
      'max_concurrent_runs_per_project',
      'question_wait_seconds',
      'question_policy',
      'resume_after_loss',
      'max_auto_resumes',
      'silence_minutes',
    ],
  },
  { id: 'models', title: 'Models', keys: ['model.default', 'model.quick', 'model.deep', 'models_allowed'] },
  { id: 'money', title: 'Money and time', keys: ['max_cost_usd', 'max_duration_minutes', 'prices'] },
  {
    id: 'sandbox',
    title: 'Sandbox and network',
    keys: ['sandbox', 'egress', 'egress_max_bytes', 'caps.memory_mb', 'caps.cpu_cores', 'caps.pids', 'caps.file_mb', 'caps.disk_mb'],
  },
  { id: 'notifications', title: 'Notifications', keys: ['notifications', 'push_contact'] },
  { id: 'storage', title: 'Storage', keys: ['rescue_days', 'retention.automatic', 'retention.completed_days', 'retention.failed_days'] },
  { id: 'server', title: 'Server', keys: ['port', 'log_level'] },
];

/** What a control shows while a change is on its way: what was chosen. What is typed is the control's own until the server has taken it. */
export function shownValue(editor: Editor, saved: unknown, pending: unknown): unknown {
  const chosen = editor.kind === 'egress' ? !Array.isArray(pending) : /^(switch|choice|several)$/.test(editor.kind);
  return pending !== undefined && chosen ? pending : saved;
}

/** The variable of the server's environment that wins over the file. */
export function variableOf(key: string): string {
  return `GLUON_${key.replaceAll('.', '_').toUpperCase()}`;
}

/** Whether a person who types these words means this setting. */
export function fits(search: string, key: string, label: string, summary: string): boolean {
  const text = `${key} ${label} ${summary}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A value as a short text, for "Default: …". */
export function valueWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value === '' || value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : value.length > 3 ? `${value.length} entries` : value.join(', ');
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'empty' : `${Object.keys(value).length} entries`;
  return String(value);
}

/** What a person fills in for a new run, and what becomes of it. Pure. */
import type { OperationInput } from '../../../src/contract/operations.ts';
import type { ApiFailure } from '../api/failure.ts';

type Input = OperationInput<'runs.create'>;
type Profile = NonNullable<Input['profile']>;

export interface NewRunForm {
  /** Name; empty: none chosen. */
  readonly project: string;
  readonly prompt: string;
  readonly profile: Profile;
  readonly title: string;
  readonly agent: string;
  /** Empty: the profile's. */
  readonly model: string;
  /** Empty: the agent's own. */
  readonly effort: '' | NonNullable<Input['effort']>;
  /** Null: as the profile says. */
  readonly plan: boolean | null;
  readonly worktree: boolean;
  readonly uncommitted: boolean;
  readonly base: string;
  readonly branch: string;
  /** Empty: the project's. */
  readonly sandbox: '' | NonNullable<Input['sandbox']>;
  /** Empty: the project's. `names`: those in `names`. */
  readonly egress: '' | 'none' | 'packages' | 'all' | 'names';
  /** Host names, apart by spaces or commas. */
  readonly names: string;
  /** Caps, as typed; empty: the default. */
  readonly cost: string;
  readonly minutes: string;
  readonly turns: string;
  /** Empty: as set. */
  readonly questions: '' | NonNullable<Input['question_policy']>;
}

export const EMPTY_FORM: NewRunForm = {
  project: '',
  prompt: '',
  profile: 'standard',
  title: '',
  agent: 'claude',
  model: '',
  effort: '',
  plan: null,
  worktree: true,
  uncommitted: false,
  base: '',
  branch: '',
  sandbox: '',
  egress: '',
  names: '',
  cost: '',
  minutes: '',
  turns: '',
  questions: '',
};

export type FormErrors = Partial<Record<keyof NewRunForm | 'form', string>>;

/** What is sent, or what keeps it from being sent. */
export function toInput(form: NewRunForm, images: readonly string[]): { input: Input } | { errors: FormErrors } {
  const errors: FormErrors = {};
  if (form.project === '') errors.project = 'Choose a project.';
  if (form.prompt.trim() === '') errors.prompt = 'Say what the agent should do.';
  const caps = {
    max_cost_usd: figure(form.cost, 'cost', errors),
    max_duration_minutes: figure(form.minutes, 'minutes', errors),
    max_turns: figure(form.turns, 'turns', errors),
  };
  if (caps.max_turns !== undefined && (!Number.isInteger(caps.max_turns) || caps.max_turns === 0)) errors.turns = 'A whole number from 1.';
  const names = form.names.split(/[\s,]+/).filter(Boolean);
  if (form.egress === 'names' && names.length === 0) errors.names = 'Name at least one host, such as example.org.';
  if (Object.keys(errors).length > 0) return { errors };
  return {
    input: {
      project: form.project,
      prompt: form.prompt,
      profile: form.profile,
      ...given('title', form.title.trim()),
      ...given('agent', form.agent.trim()),
      ...given('model', form.model.trim()),
      ...given('effort', form.effort),
      ...(form.plan === null ? {} : { plan: form.plan }),
      use_worktree: form.worktree,
      include_uncommitted: form.uncommitted,
      ...given('base', form.uncommitted ? '' : form.base.trim()),
      ...given('branch', form.branch.trim()),
      ...given('sandbox', form.sandbox),
      ...given('egress', form.egress === 'names' ? '' : form.egress),
      ...(form.egress === 'names' ? { egress: names } : {}),
      ...Object.fromEntries(Object.entries(caps).filter(([, value]) => value !== undefined)),
      ...given('question_policy', form.questions),
      images: [...images],
    },
  };
}

function given<K extends string, V extends string>(name: K, value: V): { [name in K]?: Exclude<V, ''> } {
  return value === '' ? {} : ({ [name]: value } as { [name in K]?: Exclude<V, ''> });
}

function figure(text: string, field: keyof NewRunForm, errors: FormErrors): number | undefined {
  const plain = text.trim().replace(/^\$/, '').replace(',', '.');
  if (plain === '') return undefined;
  const value = Number(plain);
  if (Number.isFinite(value) && value >= 0) return value;
  errors[field] = 'A number, such as 5 or 2.50.';
  return undefined;
}

const FIELD_OF_INPUT: Record<string, keyof NewRunForm> = {
  project: 'project',
  prompt: 'prompt',
  title: 'title',
  profile: 'profile',
  agent: 'agent',
  model: 'model',
  effort: 'effort',
  base: 'base',
  branch: 'branch',
  sandbox: 'sandbox',
  egress: 'names',
  max_cost_usd: 'cost',
  max_duration_minutes: 'minutes',
  max_turns: 'turns',
  images: 'prompt',
};

const FIELD_OF_CODE: Record<string, keyof NewRunForm> = {
  project_not_found: 'project',
  repository_missing: 'project',
  repository_empty: 'project',
  prompt_empty: 'prompt',
  prompt_too_long: 'prompt',
  too_large: 'prompt',
  attachment_not_found: 'prompt',
  base_not_found: 'base',
  branch_name_invalid: 'branch',
  branch_exists: 'branch',
  agent_unknown: 'agent',
  price_unknown: 'model',
  sandbox_unavailable: 'sandbox',
  egress_name_invalid: 'names',
};

/** Fields under "Agent, branch, sandbox and caps": an error there opens them. */
const FURTHER: readonly (keyof NewRunForm)[] = [
  'title',
  'agent',
  'model',
  'effort',
  'base',
  'branch',
  'sandbox',
  'egress',
  'names',
  'cost',
  'minutes',
  'turns',
  'questions',
];

export function needsFurther(errors: FormErrors): boolean {
  return FURTHER.some((field) => errors[field] !== undefined);
}

/** A refusal beside the field that it is about; what is about no field stands above the buttons. */
export function errorsOf(failure: ApiFailure): FormErrors {
  const errors: FormErrors = {};
  for (const { pointer, detail } of failure.fields) {
    const field = FIELD_OF_INPUT[pointer.split('/')[1] ?? ''] ?? 'form';
    errors[field] ??= detail;
  }
  if (Object.keys(errors).length > 0) return errors;
  return { [FIELD_OF_CODE[failure.code] ?? 'form']: [failure.message, failure.action].filter(Boolean).join(' ') };
}

/** A form that was kept as text; what does not fit any more is left out. */
export function formFrom(kept: unknown): NewRunForm {
  if (typeof kept !== 'object' || kept === null) return EMPTY_FORM;
  const known = Object.entries(kept).filter(([key, value]) => {
    if (!Object.hasOwn(EMPTY_FORM, key)) return false;
    return key === 'plan' ? value === null || typeof value === 'boolean' : typeof value === typeof EMPTY_FORM[key as keyof NewRunForm];
  });
  return { ...EMPTY_FORM, ...Object.fromEntries(known) };
}

/** What the next run begins with: the choices stay, what belongs to one piece of work goes. */
export function nextForm(form: NewRunForm): NewRunForm {
  const { project, profile, agent, model, effort, plan, worktree, sandbox, egress, names, cost, minutes, turns, questions } = form;
  return { ...EMPTY_FORM, project, profile, agent, model, effort, plan, worktree, sandbox, egress, names, cost, minutes, turns, questions };
}

/** What differs from the defaults under "Agent, branch, sandbox and caps", for its line while it is folded. */
export function furtherWords(form: NewRunForm): string[] {
  const words: string[] = [];
  if (form.title.trim() !== '') words.push('own title');
  if (form.model.trim() !== '') words.push(form.model.trim());
  if (form.agent.trim() !== EMPTY_FORM.agent) words.push(form.agent.trim());
  if (form.effort !== '') words.push(`effort ${form.effort}`);
  if (form.base.trim() !== '') words.push(`from ${form.base.trim()}`);
  if (form.branch.trim() !== '') words.push(`branch ${form.branch.trim()}`);
  if (form.sandbox !== '') words.push(`sandbox ${form.sandbox}`);
  if (form.egress !== '') words.push(`network ${form.egress}`);
  if (form.cost.trim() !== '') words.push(`$${form.cost.trim().replace(/^\$/, '')}`);
  if (form.minutes.trim() !== '') words.push(`${form.minutes.trim()} min`);
  if (form.turns.trim() !== '') words.push(`${form.turns.trim()} turns`);
  return words;
}

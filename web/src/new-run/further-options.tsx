/** What rarely differs from the defaults, folded until it is wanted or an error stands in it. */
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { Project } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Field, Select, TextInput } from '../ui/field.tsx';
import { furtherWords, type NewRunForm, needsFurther } from './form.ts';
import type { NewRunState } from './use-new-run.ts';

interface FurtherOptionsProps {
  readonly state: NewRunState;
  readonly project: Project | null;
}

export function FurtherOptions({ state, project }: FurtherOptionsProps) {
  const [opened, setOpened] = useState(false);
  const open = opened || needsFurther(state.errors);
  const id = useId();
  const words = furtherWords(state.form);
  return (
    <div className="grid gap-2">
      <Button
        size="sm"
        className="-ml-2 w-fit max-w-full text-fg-2"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpened(!open)}
      >
        <ChevronRight size={13} strokeWidth={1.75} className={cx('transition-transform', open && 'rotate-90')} />
        Model, base branch, sandbox, caps
        {!open && words.length > 0 && <span className="truncate font-regular text-fg-3">{words.join(' · ')}</span>}
      </Button>
      <div id={id} hidden={!open}>
        {open && <Fields state={state} project={project} />}
      </div>
    </div>
  );
}

function Fields({ state, project }: FurtherOptionsProps) {
  const id = useId();
  const settings = useQuery(operationQuery('settings.list', {}));
  const branches = useQuery({
    ...operationQuery('branches.list', { project: project?.name ?? '', limit: 100 }),
    enabled: project !== null,
  });
  const sandbox = useQuery(operationQuery('system.sandbox', {}));
  const set = (key: string) => settings.data?.items.find((setting) => setting.key === key)?.value;
  const { form, errors, change } = state;
  const text = (
    field: keyof NewRunForm & Typed,
    label: string,
    more: { placeholder?: string; list?: string; numeric?: boolean; hint?: string } = {},
  ) => (
    <Field label={label} error={errors[field]} {...(more.hint === undefined ? {} : { hint: more.hint })}>
      {(control) => (
        <TextInput
          {...control}
          value={form[field]}
          placeholder={more.placeholder}
          list={more.list}
          inputMode={more.numeric === true ? 'decimal' : undefined}
          onChange={(event) => change({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2.5 rounded-lg bg-sunken p-3 max-phone:grid-cols-1">
      {text('model', 'Model', { placeholder: "The profile's", list: `${id}-models` })}
      <Field label="Effort" error={errors.effort}>
        {(control) => (
          <Select {...control} value={form.effort} onChange={(event) => change({ effort: event.target.value as NewRunForm['effort'] })}>
            <option value="">The agent's own</option>
            {(['low', 'medium', 'high', 'xhigh', 'max'] as const).map((effort) => (
              <option key={effort} value={effort}>
                {effort}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {form.uncommitted || !form.worktree
        ? null
        : text('base', 'Base branch', { placeholder: project?.base_branch ?? 'The branch that is checked out', list: `${id}-branches` })}
      {form.worktree && text('branch', 'Name of the new branch', { placeholder: 'gluon-task/…' })}
      <Field label="Sandbox" error={errors.sandbox}>
        {(control) => (
          <Select {...control} value={form.sandbox} onChange={(event) => change({ sandbox: event.target.value as NewRunForm['sandbox'] })}>
            <option value="">As set{sandbox.data === undefined ? '' : ` (${project?.sandbox ?? sandbox.data.default})`}</option>
            {Object.entries(sandbox.data?.levels ?? {}).map(([level, { available }]) => (
              <option key={level} value={level} disabled={!available}>
                {level}
                {available ? '' : ', not to be had here'}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Network" error={errors.egress}>
        {(control) => (
          <Select {...control} value={form.egress} onChange={(event) => change({ egress: event.target.value as NewRunForm['egress'] })}>
            <option value="">As set for the project</option>
            <option value="none">Nothing but the model</option>
            <option value="packages">Package registries</option>
            <option value="names">Hosts that I name</option>
            <option value="all">Everything</option>
          </Select>
        )}
      </Field>
      {form.egress === 'names' && (
        <div className="col-span-full">
          {text('names', 'Hosts', { placeholder: 'example.org *.example.com', hint: 'Apart by spaces or commas' })}
        </div>
      )}
      <div className="col-span-full grid grid-cols-3 gap-3 max-phone:grid-cols-1">
        {text('cost', 'Cost cap, USD', { placeholder: capOf(set('max_cost_usd')), numeric: true })}
        {text('minutes', 'Time cap, minutes', { placeholder: capOf(set('max_duration_minutes')), numeric: true })}
        {text('turns', 'Turns at most', { placeholder: capOf(set('max_turns')), numeric: true })}
      </div>
      <Field label="When a question is not answered" error={errors.questions}>
        {(control) => (
          <Select
            {...control}
            value={form.questions}
            onChange={(event) => change({ questions: event.target.value as NewRunForm['questions'] })}
          >
            <option value="">As set</option>
            <option value="park">Park the run</option>
            <option value="auto">Take the recommended option</option>
          </Select>
        )}
      </Field>
      {text('agent', 'Agent', { placeholder: 'claude' })}
      <div className="col-span-full">{text('title', 'Title', { placeholder: 'From the prompt' })}</div>
      <datalist id={`${id}-models`}>
        {modelsOf(set).map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <datalist id={`${id}-branches`}>
        {(branches.data?.items ?? []).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}

type Typed = 'title' | 'agent' | 'model' | 'base' | 'branch' | 'names' | 'cost' | 'minutes' | 'turns';

/** Models that the settings name. */
function modelsOf(set: (key: string) => unknown): string[] {
  const prices = set('prices');
  const allowed = set('models_allowed');
  const named = [set('model.default'), set('model.quick'), set('model.deep'), ...(Array.isArray(allowed) ? allowed : [])];
  const priced = typeof prices === 'object' && prices !== null ? Object.keys(prices) : [];
  return [...new Set([...named, ...priced].filter((model): model is string => typeof model === 'string' && model !== ''))];
}

function capOf(value: unknown): string {
  return typeof value === 'number' && value > 0 ? `${value}, as set` : 'None';
}

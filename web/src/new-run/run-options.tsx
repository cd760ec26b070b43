import { useId } from 'react';
import { Switch } from '../ui/switch.tsx';
import type { NewRunState } from './use-new-run.ts';

export function RunOptions({ state }: { state: NewRunState }) {
  const { form, change } = state;
  return (
    <div className="rounded-lg shadow-[inset_0_0_0_1px_var(--border-subtle)]">
      <Option
        title="Plan first"
        text="The agent makes a plan and changes nothing before it"
        on={form.plan ?? form.profile === 'planning'}
        onChange={(plan) => change({ plan: plan === (form.profile === 'planning') ? null : plan })}
      />
      <Option
        title="Own working copy"
        text="A branch of its own; your checkout is not touched"
        on={form.worktree}
        onChange={(worktree) => change({ worktree, ...(worktree ? {} : { uncommitted: false }) })}
      />
      <Option
        title="Include uncommitted changes"
        text={form.worktree ? 'Starts from your checkout as it is now' : 'They are there already: it works in your checkout'}
        on={form.uncommitted}
        disabled={!form.worktree}
        onChange={(uncommitted) => change({ uncommitted })}
      />
    </div>
  );
}

interface OptionProps {
  readonly title: string;
  readonly text: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}

function Option({ title, text, on, disabled, onChange }: OptionProps) {
  const id = useId();
  return (
    <label htmlFor={`${id}-switch`} className="flex min-h-[46px] items-center gap-3 border-line-subtle px-3 py-1.5 not-first:border-t">
      <span className="min-w-0 flex-1">
        <span className="block leading-[18px] font-medium">{title}</span>
        <span id={id} className="block text-small text-fg-3">
          {text}
        </span>
      </span>
      <Switch id={`${id}-switch`} checked={on} disabled={disabled} aria-label={title} aria-describedby={id} onChange={onChange} />
    </label>
  );
}

import { useQuery } from '@tanstack/react-query';
import { Brain, Compass, Eye, Gauge, type LucideIcon, Zap } from 'lucide-react';
import { useId } from 'react';
import { operationQuery } from '../api/query.ts';
import { modelName } from '../ui/model-name.ts';
import type { NewRunForm } from './form.ts';
import type { NewRunState } from './use-new-run.ts';

const PROFILES: readonly { profile: NewRunForm['profile']; name: string; icon: LucideIcon; use: string }[] = [
  { profile: 'quick', name: 'Quick', icon: Zap, use: 'small fixes' },
  { profile: 'standard', name: 'Standard', icon: Gauge, use: 'most work' },
  { profile: 'deep', name: 'Deep', icon: Brain, use: 'hard changes' },
  { profile: 'planning', name: 'Planning', icon: Compass, use: 'plan first' },
  { profile: 'review', name: 'Review', icon: Eye, use: 'judge a change' },
];

export function ProfileCards({ state }: { state: NewRunState }) {
  const { data } = useQuery(operationQuery('settings.list', {}));
  const set = (key: string) => data?.items.find((setting) => setting.key === key)?.value;
  const modelOf = (profile: string) => {
    const own = set(`model.${profile}`);
    const model = typeof own === 'string' && own !== '' ? own : set('model.default');
    return typeof model === 'string' && model !== '' ? modelName(model, '') : '';
  };
  const id = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-small font-medium text-fg-2">Profile</legend>
      <div className="grid grid-cols-5 gap-1.5 max-phone:grid-cols-2">
        {PROFILES.map(({ profile, name, icon: Icon, use }) => (
          <label
            key={profile}
            className="group relative grid cursor-pointer gap-0.5 rounded-lg px-2.5 py-2 text-micro text-fg-3 shadow-[inset_0_0_0_1px_var(--border)] hover:shadow-[inset_0_0_0_1px_var(--border-control)] has-checked:bg-accent-tint has-checked:text-fg-2 has-checked:shadow-[inset_0_0_0_2px_var(--accent)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={id}
              value={profile}
              checked={state.form.profile === profile}
              onChange={() => state.change({ profile })}
              className="absolute inset-0 m-0 cursor-pointer opacity-0"
            />
            <span className="flex items-center gap-1.5 text-body leading-[18px] font-medium text-fg">
              <Icon size={14} strokeWidth={1.75} className="group-has-checked:text-accent-fg" />
              {name}
            </span>
            <span className="truncate">{modelOf(profile) || '\u00a0'}</span>
            <span className="truncate">{use}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

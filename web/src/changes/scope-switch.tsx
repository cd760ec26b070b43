import type { Run } from '../../../src/contract/resources.ts';
import { Segmented } from '../ui/segmented.tsx';
import type { Scope } from './use-change.ts';

/** What the change is compared with. */
export function ScopeSwitch({
  scope,
  run,
  onScope,
}: {
  readonly scope: Scope;
  readonly run: Run;
  readonly onScope: (scope: Scope) => void;
}) {
  return (
    <Segmented
      label="Compare"
      value={scope.kind}
      onChange={(kind) => onScope(kind === 'commit' ? { kind, sha: run.head_commit ?? '' } : { kind })}
      options={[
        { value: 'base', label: 'Against base' },
        { value: 'checkpoint', label: 'Since last message' },
        ...(run.commit_count > 0 && run.head_commit !== null ? ([{ value: 'commit', label: 'One commit' }] as const) : []),
      ]}
    />
  );
}

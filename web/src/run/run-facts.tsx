/** One row of figures below the title: who works, where, what it cost, how long it took, what it changed. */
import { Check, Copy, Gauge, GitBranch } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { cx } from '../ui/class-names.ts';
import { money, moneyOf, tokens, whole, words } from '../ui/format.ts';
import { toastFailure } from '../ui/toast.tsx';
import { tip } from '../ui/tooltip.tsx';
import { Elapsed } from './elapsed.tsx';

export function RunFacts({ run }: { run: Run }) {
  const counted = run.input_tokens + run.output_tokens + run.cache_read_tokens + run.cache_write_tokens;
  return (
    <div className="facts">
      <Fact>
        <Gauge size={13} strokeWidth={1.75} aria-hidden />
        {words(run.profile)} · <b>{run.model ?? run.agent}</b>
        {run.effort !== null && <span>{run.effort}</span>}
      </Fact>
      {run.branch_name !== null && (
        <Fact>
          <GitBranch size={13} strokeWidth={1.75} aria-hidden />
          <b className="mono max-w-64 truncate" {...tip(run.branch_name)}>
            {run.branch_name}
          </b>
          <CopyButton text={run.branch_name} what="the branch name" />
        </Fact>
      )}
      <Fact>
        <span className="num">
          <b>{money(run.cost_usd)}</b>
          {run.max_cost_usd !== null && ` of ${moneyOf(run.max_cost_usd, null)}`}
        </span>
      </Fact>
      {run.started_at !== null && (
        <Fact>
          <b>
            <Elapsed from={run.started_at} to={run.ended_at} />
          </b>
        </Fact>
      )}
      {counted > 0 && (
        <Fact>
          <b>{tokens(counted)}</b> tokens
        </Fact>
      )}
      <ContextUse used={run.context_tokens} window={run.context_window} />
      {run.files_changed > 0 && (
        <Fact>
          <b className="!text-diff-add-fg">+{whole(run.insertions)}</b>
          <b className="!text-diff-del-fg">−{whole(run.deletions)}</b>
          in {whole(run.files_changed)} {run.files_changed === 1 ? 'file' : 'files'}
        </Fact>
      )}
    </div>
  );
}

function Fact({ children }: { children: ReactNode }) {
  return <span>{children}</span>;
}

function ContextUse({ used, window }: { used: number | null; window: number | null }) {
  if (used === null || window === null || window <= 0) return null;
  const percent = Math.min(100, Math.round((used / window) * 100));
  return (
    <Fact>
      <span {...tip(`${tokens(used)} of ${tokens(window)} tokens fit`)} className="inline-flex items-center gap-1.5">
        Context
        <span className="bar w-14" aria-hidden="true">
          <i className={cx(percent >= 85 ? 'bg-warning-solid' : 'bg-fg-2')} style={{ width: `${percent}%` }} />
        </span>
        <b>{percent} %</b>
      </span>
    </Fact>
  );
}

const SHOWN_MS = 1_500;

/** Says in place that it was done. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [done, setDone] = useState(false);
  function copy(): void {
    navigator.clipboard.writeText(text).then(
      () => {
        setDone(true);
        setTimeout(() => setDone(false), SHOWN_MS);
      },
      (error: unknown) => toastFailure('Nothing was copied', error),
    );
  }
  const Icon = done ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={done ? 'Copied' : `Copy ${what}`}
      onClick={copy}
      className="grid size-5 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg pointer-coarse:size-11"
    >
      <Icon size={12} strokeWidth={1.75} />
    </button>
  );
}

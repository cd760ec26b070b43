/** Sums of today, the week, the month and all time. */
import type { TokenTotals } from '../../../src/contract/resources.ts';
import { money, tokens, whole } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

const PERIODS = [
  ['today', 'Today'],
  ['week', 'Last 7 days'],
  ['month', 'Last 30 days'],
  ['total', 'All time'],
] as const;

export function Metrics({ summary }: { summary: Readonly<Record<(typeof PERIODS)[number][0], TokenTotals>> | undefined }) {
  return (
    <div className="grid grid-cols-4 gap-2.5 max-[880px]:grid-cols-2">
      {PERIODS.map(([key, label]) => (
        <Panel key={key} className="flex min-w-0 flex-col gap-0.5 px-3.5 py-3">
          <h2 className="text-small text-fg-2">{label}</h2>
          {summary === undefined ? <Skeleton className="my-1.5 h-5 w-24" /> : <Figures totals={summary[key]} />}
        </Panel>
      ))}
    </div>
  );
}

function Figures({ totals }: { totals: TokenTotals }) {
  return (
    <>
      <p className="num truncate text-metric font-semibold tracking-[-0.028em] max-phone:text-h1">{money(totals.cost_usd)}</p>
      <p className="num truncate text-small text-fg-3">
        {whole(totals.model_calls)} {totals.model_calls === 1 ? 'call' : 'calls'} · {tokens(allTokens(totals))} tokens
      </p>
    </>
  );
}

export function allTokens(totals: TokenTotals): number {
  return totals.input_tokens + totals.output_tokens + totals.cache_read_tokens + totals.cache_write_tokens;
}

/** What the run cost: over its time, and by kind of token. */
import { useQuery } from '@tanstack/react-query';
import type { OperationOutput } from '../../../src/contract/operations.ts';
import type { Run } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { duration, money, moneyOf, tokens, whole } from '../ui/format.ts';
import { Section, Unread } from './section.tsx';

const KINDS = { input: 'Input', cache_read: 'Cache read', cache_write: 'Cache write', output: 'Output' } as const;

export function CostSection({ run }: { run: Run }) {
  const usage = useQuery(operationQuery('runs.usage', { run: run.id }));
  const series = useQuery(operationQuery('usage.run_series', { run: run.id }));
  const failed = usage.error ?? series.error;
  const kinds = usage.data?.by_kind.filter((kind) => kind.tokens > 0) ?? [];
  return (
    <Section
      title="Cost"
      right={
        <>
          <b className="font-medium text-fg">{money(run.cost_usd)}</b>
          {run.max_cost_usd !== null && ` of ${moneyOf(run.max_cost_usd, null)}`}
        </>
      }
    >
      {failed !== null && (
        <Unread
          error={failed}
          onRetry={() => {
            void usage.refetch();
            void series.refetch();
          }}
        />
      )}
      {series.data !== undefined && <Sparkline series={series.data} running={run.status === 'running'} />}
      {run.cost_usd === null && <p className="text-small text-fg-2">The price of a model that was called is not known.</p>}
      <dl className="kv">
        {kinds.map(({ kind, tokens: count, cost_usd }) => (
          <div key={kind} className="contents">
            <dt>{KINDS[kind]}</dt>
            <dd>
              {tokens(count)} <span className="text-fg-3">{money(cost_usd)}</span>
            </dd>
          </div>
        ))}
        {run.model_calls > 0 && (
          <>
            <dt>Model calls</dt>
            <dd>{whole(run.model_calls)}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

const WIDTH = 276;
const HEIGHT = 40;
const GAP = 1.4;

/** Bars of money over time; a bar without a call is a line at the ground. */
function Sparkline({ series, running }: { series: OperationOutput<'usage.run_series'>; running: boolean }) {
  const { items, bucket_seconds: seconds } = series;
  if (items.length < 2) return null;
  const most = Math.max(...items.map((item) => item.cost_usd), Number.EPSILON);
  const step = WIDTH / items.length;
  const label = `Cost per ${duration(seconds * 1000)} over ${duration(seconds * items.length * 1000)}, at most ${money(most)}`;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" height={HEIGHT} preserveAspectRatio="none" role="img" aria-label={label}>
      {items.map((item, index) => {
        const height = item.model_calls === 0 ? 1 : Math.max(2, (item.cost_usd / most) * (HEIGHT - 2));
        const now = running && index === items.length - 1;
        return (
          <rect
            key={item.at}
            x={index * step + GAP / 2}
            y={HEIGHT - height}
            width={Math.max(1, step - GAP)}
            height={height}
            rx={Math.min(1.5, step / 4)}
            fill={item.model_calls === 0 ? 'var(--waiting-line)' : now ? 'var(--running-solid)' : 'var(--running-line)'}
          />
        );
      })}
    </svg>
  );
}

/** Usage by project, by model and by run. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { TokenTotals } from '../../../src/contract/resources.ts';
import { useCard } from '../store/use-runs.ts';
import { Button } from '../ui/button.tsx';
import { money, tokens, whole } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { familyOf } from './families.ts';
import { allTokens } from './metrics.tsx';

const DEAREST_FIRST = { column: 'cost', down: true } as const;
const FEW = 10;

type ProjectRow = TokenTotals & { readonly project: string };
type ModelRow = TokenTotals & { readonly model: string };
type RunRow = TokenTotals & { readonly run_id: string; readonly title: string; readonly project: string };

const cost = <T extends TokenTotals>(): Column<T> => ({
  id: 'cost',
  head: 'Cost',
  number: true,
  width: 'w-30',
  sortBy: (row) => row.cost_usd,
  cell: (row) => <span className="font-medium text-fg">{costWords(row)}</span>,
});
const calls = <T extends TokenTotals>(): Column<T> => ({
  id: 'calls',
  head: 'Calls',
  number: true,
  width: 'w-15',
  wideOnly: true,
  sortBy: (row) => row.model_calls,
  cell: (row) => whole(row.model_calls),
});
const tokenSum = <T extends TokenTotals>(): Column<T> => ({
  id: 'tokens',
  head: 'Tokens',
  number: true,
  width: 'w-20',
  wideOnly: true,
  sortBy: allTokens,
  cell: (row) => tokens(allTokens(row)),
});

/** A dash where every call was to a model without a price; at least so much where some were. */
function costWords({ cost_usd, unpriced_calls, model_calls }: TokenTotals): string {
  if (unpriced_calls > 0 && unpriced_calls === model_calls) return '–';
  return unpriced_calls > 0 ? `≥ ${money(cost_usd)}` : money(cost_usd);
}

export function ProjectTable({ rows }: { rows: readonly ProjectRow[] | undefined }) {
  if (rows === undefined) return <SkeletonRows label="Reading the projects" />;
  if (rows.length === 0) return <Nothing />;
  const most = Math.max(...rows.map(({ cost_usd }) => cost_usd));
  const columns: readonly Column<ProjectRow>[] = [
    {
      id: 'project',
      head: 'Project',
      grow: true,
      sortBy: ({ project }) => project,
      cell: ({ project, cost_usd }) => (
        <span className="flex items-center gap-3">
          <Link to="/projects" search={{ project }} className="min-w-0 flex-1 truncate font-medium text-fg hover:underline">
            {project}
          </Link>
          <span className="h-1.5 w-2/5 flex-none overflow-hidden rounded-full bg-active">
            <span
              className="block h-full rounded-full bg-(--series-sonnet)"
              style={{ width: `${most > 0 ? (100 * cost_usd) / most : 0}%` }}
            />
          </span>
        </span>
      ),
    },
    cost(),
    { id: 'runs', head: 'Runs', number: true, width: 'w-16', sortBy: ({ runs }) => runs, cell: ({ runs }) => whole(runs) },
  ];
  return <Table caption="Usage by project" columns={columns} rows={rows} rowKey={({ project }) => project} sort={DEAREST_FIRST} />;
}

const MODEL_COLUMNS: readonly Column<ModelRow>[] = [
  {
    id: 'model',
    head: 'Model',
    grow: true,
    sortBy: ({ model }) => model,
    cell: ({ model }) => (
      <span className="flex items-center gap-2">
        <span className="size-2 flex-none rounded-[2px]" style={{ background: familyOf(model).colour }} />
        <span className="truncate text-fg" title={model}>
          {model}
        </span>
      </span>
    ),
  },
  calls(),
  tokenSum(),
  cost(),
];

export function ModelTable({ rows }: { rows: readonly ModelRow[] | undefined }) {
  if (rows === undefined) return <SkeletonRows label="Reading the models" rows={4} />;
  if (rows.length === 0) return <Nothing />;
  return <Table caption="Usage by model" columns={MODEL_COLUMNS} rows={rows} rowKey={({ model }) => model} sort={DEAREST_FIRST} />;
}

const RUN_COLUMNS: readonly Column<RunRow>[] = [
  { id: 'run', head: 'Run', grow: true, sortBy: ({ title }) => title, cell: (row) => <RunName {...row} /> },
  calls(),
  tokenSum(),
  cost(),
];

export function RunTable({ rows }: { rows: readonly RunRow[] | undefined }) {
  const [all, setAll] = useState(false);
  if (rows === undefined) return <SkeletonRows label="Reading the runs" />;
  if (rows.length === 0) return <Nothing />;
  return (
    <>
      <Table
        caption="Usage by run"
        columns={RUN_COLUMNS}
        rows={all ? rows : rows.slice(0, FEW)}
        rowKey={({ run_id }) => run_id}
        sort={DEAREST_FIRST}
      />
      {rows.length > FEW && (
        <div className="border-t border-line-subtle p-1.5">
          <Button size="sm" onClick={() => setAll(!all)} aria-expanded={all}>
            {all ? `The ${FEW} dearest` : `All ${rows.length}`}
          </Button>
        </div>
      )}
    </>
  );
}

function RunName({ run_id, title, project }: RunRow) {
  const status = useCard(run_id)?.status;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {status !== undefined && <Glyph name={status} size={13} />}
      <Link
        to="/runs/$run"
        params={{ run: run_id }}
        title={title}
        className="min-w-0 truncate font-medium text-fg hover:underline max-phone:line-clamp-2 max-phone:whitespace-normal"
      >
        {title}
      </Link>
      <span className="max-w-[40%] flex-none truncate text-fg-3 max-phone:hidden">{project}</span>
    </span>
  );
}

function Nothing() {
  return <p className="px-3.5 pt-1 pb-4 text-small text-fg-3">No model was called in this time.</p>;
}

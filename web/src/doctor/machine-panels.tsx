/** Which walls can be had here, and how full the disk is. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { operationQuery } from '../api/query.ts';
import { bytes, words } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Panel } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

const LEVELS: Readonly<Record<string, string>> = {
  strict: 'A private view of the machine, no network but the model and what is allowed.',
  standard: 'A private view of the machine, the whole network.',
  none: 'No wall: the agent may do what you may do.',
};

const CAPS_BY: Readonly<Record<string, string>> = {
  cgroup2: 'cgroup version 2',
  cgroup1: 'cgroup version 1',
  rlimit: 'process limits and a watchdog',
  nothing: 'nothing: they are not kept here',
};

export function SandboxPanel() {
  const sandbox = useQuery(operationQuery('system.sandbox', {}));
  return (
    <Panel title="Sandbox levels">
      {sandbox.error !== null && (
        <Problem title="The levels could not be read" error={sandbox.error} onRetry={() => void sandbox.refetch()} className="m-3.5 mt-0" />
      )}
      {sandbox.isPending && <SkeletonRows rows={3} label="Reading the sandbox levels" />}
      {sandbox.data !== undefined && (
        <>
          <ul>
            {Object.entries(sandbox.data.levels).map(([level, { available, why }]) => (
              <li key={level} className="flex items-start gap-2.5 border-t border-line-subtle px-3.5 py-2">
                <Glyph name={available ? 'completed' : 'failed'} size={14} className="mt-[3px]" />
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-baseline gap-x-2">
                    <span className="font-medium">{words(level)}</span>
                    <span className="text-small text-fg-3">
                      {[available ? 'available' : 'not here', level === sandbox.data.default && 'default'].filter(Boolean).join(', ')}
                    </span>
                  </p>
                  <p className="text-small break-words text-fg-2">{why ?? LEVELS[level]}</p>
                </div>
              </li>
            ))}
          </ul>
          <p className="border-t border-line-subtle px-3.5 py-2 text-small break-words text-fg-2">
            Caps are kept by {CAPS_BY[sandbox.data.caps_by] ?? sandbox.data.caps_by}.
            {sandbox.data.program !== null && (
              <>
                {' '}
                Walls by <code className="text-[11.5px]">{sandbox.data.program}</code>.
              </>
            )}
          </p>
        </>
      )}
    </Panel>
  );
}

export function DiskPanel() {
  const stats = useQuery({ ...operationQuery('system.stats', {}), refetchOnMount: 'always' });
  const sections = Object.entries(stats.data?.sections ?? {}).sort(([, left], [, right]) => right - left);
  return (
    <Panel
      title="Disk"
      sub={
        stats.data !== undefined && (
          <span className="num">{`${bytes(stats.data.total_bytes)} in use, ${bytes(stats.data.free_bytes)} free`}</span>
        )
      }
    >
      {stats.error !== null && (
        <Problem title="The disk could not be read" error={stats.error} onRetry={() => void stats.refetch()} className="m-3.5 mt-0" />
      )}
      {stats.isPending && <SkeletonRows rows={4} label="Reading the disk" />}
      <dl>
        {sections.map(([section, size]) => (
          <div key={section} className="flex justify-between gap-4 border-t border-line-subtle px-3.5 py-1.5 text-small">
            <dt className="text-fg-2">{words(section)}</dt>
            <dd className="num">{bytes(size)}</dd>
          </div>
        ))}
      </dl>
      {stats.data !== undefined && stats.data.largest_runs.length > 0 && (
        <>
          <h3 className="border-t border-line-subtle px-3.5 pt-2.5 text-small font-medium text-fg-2">Largest runs</h3>
          <ul className="pb-2">
            {stats.data.largest_runs.map((run) => (
              <li key={run.run_id} className="flex justify-between gap-4 px-3.5 py-1 text-small">
                <Link to="/runs/$run" params={{ run: run.run_id }} className="min-w-0 truncate hover:underline" title={run.title}>
                  {run.title}
                </Link>
                <span className="num text-fg-2">{bytes(run.bytes)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

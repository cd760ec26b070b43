/** What is known before a run starts: what such runs cost, whether there is room, what else works there now. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { operationQuery } from '../api/query.ts';
import { useCards } from '../store/use-runs.ts';
import { cx } from '../ui/class-names.ts';
import { money } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { type Estimate, estimateOf } from './estimate.ts';
import type { NewRunForm } from './form.ts';

const NEARBY = 3;

export function BeforeItStarts({ project, profile }: { project: string | null; profile: NewRunForm['profile'] }) {
  const cards = useCards();
  const estimate = useMemo(() => (project === null ? null : estimateOf(cards, project, profile)), [cards, project, profile]);
  const nearby = cards.filter((card) => card.project === project && (card.status === 'running' || card.status === 'pending'));
  return (
    <aside
      aria-label="Before it starts"
      className="grid content-start gap-3 border-l border-line-subtle px-5 pt-0.5 pb-4 max-[860px]:hidden [&>section]:grid [&>section]:gap-1.5 [&>section+section]:border-t [&>section+section]:border-line-subtle [&>section+section]:pt-3"
    >
      <h3 className="text-small font-medium text-fg-2">Before it starts</h3>
      <section>
        <p className="flex items-baseline gap-2">
          <span className="text-small text-fg-2">Estimate</span>
          {estimate !== null && (
            <b className="num ml-auto text-[20px] leading-6 font-semibold tracking-[-0.02em]">
              {`${money(estimate.low)}–${money(estimate.high).slice(1)}`}
            </b>
          )}
        </p>
        <p className="text-small text-fg-3">
          {estimate === null
            ? 'Not yet: too few runs of this project and profile have ended'
            : `Middle half of ${estimate.runs} runs of this project and profile`}
        </p>
        {estimate !== null && <Bars estimate={estimate} />}
      </section>
      <Capacity />
      <section>
        <p className="text-small text-fg-2">Nearby</p>
        <p className="text-small text-fg-3">
          {project === null
            ? 'Choose a project first'
            : nearby.length === 0
              ? `Nothing else works in ${project} now`
              : `${nearby.length} active in ${project}`}
        </p>
        <ul className="grid gap-1">
          {nearby.slice(0, NEARBY).map((card) => (
            <li key={card.id} className="flex items-center gap-1.5 text-small">
              <Glyph name={card.status} size={12} />
              <span className="truncate">{card.title}</span>
            </li>
          ))}
        </ul>
      </section>
    </aside>
  );
}

function Capacity() {
  const cards = useCards();
  const { data } = useQuery(operationQuery('system.status', {}));
  if (data === undefined) return null;
  const places = data.max_concurrent_runs;
  const running = cards.filter(({ status }) => status === 'running').length;
  const waiting = cards.filter(({ status }) => status === 'pending').length;
  const full = running >= places;
  return (
    <section>
      <p className="flex items-center gap-2 text-small text-fg-2">
        Capacity
        {full && (
          <span className="ml-auto flex items-center gap-1.5 text-waiting-fg">
            <Glyph name="waiting" size={12} />
            No place is free
          </span>
        )}
      </p>
      <p className="num text-small whitespace-normal text-fg-2">
        {running} of {places} places in use. {full || waiting > 0 ? `It waits as number ${waiting + 1}.` : 'It starts at once.'}
      </p>
      {!data.provider.configured && (
        <p className="flex gap-1.5 text-small text-warning-fg">
          <Glyph name="slow" size={12} className="mt-0.5" />
          No credential for the model is set up
        </p>
      )}
    </section>
  );
}

function Bars({ estimate }: { estimate: Estimate }) {
  const most = Math.max(...estimate.bars);
  return (
    <svg viewBox="0 0 232 34" className="w-full" aria-hidden="true">
      {estimate.bars.map((count, index) => {
        const height = count === 0 ? 1 : 3 + (count / most) * 27;
        const inside = index >= estimate.middle[0] && index <= estimate.middle[1];
        const place = index * 19.4;
        return (
          <rect
            key={place}
            x={place}
            y={32 - height}
            width={17}
            height={height}
            rx={1.5}
            className={cx(inside ? 'fill-(--running-solid)' : 'fill-(--border)')}
          />
        );
      })}
      <line x1={0} x2={232} y1={33} y2={33} stroke="var(--border)" />
    </svg>
  );
}

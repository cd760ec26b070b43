/** Cost per day as stacked bars. The day under the pointer or the arrow keys is told in figures; readers get the same as a table. */
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { money } from '../ui/format.ts';
import { axisTicks, type DayStack, dayName } from './day-stacks.ts';

const HEIGHT = 262;
const PLOT = { left: 44, right: 6, top: 12, bottom: 22 };
const GAP = 1;
/** Pixels between the names of days. */
const LABEL_EVERY = 96;

export function CostChart({ stacks }: { stacks: readonly DayStack[] }) {
  const { frame, width } = useWidth();
  const [shown, setShown] = useState<number | null>(null);
  const ticks = axisTicks(Math.max(0, ...stacks.map(({ total }) => total)));
  const most = ticks.at(-1) ?? 1;
  const slot = Math.max(1, (width - PLOT.left - PLOT.right) / Math.max(1, stacks.length));
  const plotHeight = HEIGHT - PLOT.top - PLOT.bottom;
  const y = (value: number) => PLOT.top + plotHeight * (1 - value / most);
  const x = (index: number) => PLOT.left + index * slot;
  const every = Math.max(1, Math.ceil(LABEL_EVERY / slot));
  const stack = shown === null ? undefined : stacks[shown];

  function point(event: PointerEvent<HTMLElement>): void {
    const index = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - PLOT.left) / slot);
    setShown(index >= 0 && index < stacks.length ? index : null);
  }

  function move(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    setShown((from) => Math.min(stacks.length - 1, Math.max(0, from === null ? stacks.length - 1 : from + step)));
  }

  return (
    <section
      ref={frame}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys go through the days
      tabIndex={0}
      aria-label="Cost per day; the arrow keys go through the days"
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => setShown(null)}
      onKeyDown={move}
      onBlur={() => setShown(null)}
      className="relative touch-pan-y rounded-md"
      style={{ height: HEIGHT }}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true" className="num block text-micro">
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={PLOT.left} x2={width - PLOT.right} y1={y(tick)} y2={y(tick)} stroke="var(--chart-grid)" />
              <text x={PLOT.left - 8} y={y(tick) + 4} textAnchor="end" fill="var(--text-3)">
                {axisMoney(tick, most)}
              </text>
            </g>
          ))}
          {shown !== null && <rect x={x(shown)} y={PLOT.top} width={slot} height={plotHeight} rx={3} fill="var(--hover)" />}
          {stacks.map(({ day, parts }, index) => {
            let below = 0;
            return (
              <g key={day}>
                {parts.map(({ family, cost }) => {
                  const bottom = y(below);
                  below += cost;
                  // A pixel between the parts; a part that is thinner than that still shows.
                  const height = Math.max(0.75, bottom - y(below) - GAP);
                  return (
                    <rect
                      key={family.id}
                      x={x(index) + slot * 0.12}
                      y={bottom - height}
                      width={Math.max(1, slot * 0.76)}
                      height={height}
                      rx={slot > 8 ? 1.5 : 0}
                      fill={family.colour}
                    />
                  );
                })}
                {index % every === 0 && (
                  <text x={x(index) + slot / 2} y={HEIGHT - 6} textAnchor={index === 0 ? 'start' : 'middle'} fill="var(--text-3)">
                    {dayName(day)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
      <p className="sr" aria-live="polite">
        {stack === undefined ? '' : `${dayName(stack.day)}: ${money(stack.total)}`}
      </p>
      {stack !== undefined && shown !== null && <DayTip stack={stack} left={x(shown) + slot / 2} width={width} />}
    </section>
  );
}

const TIP_WIDTH = 148;

function DayTip({ stack, left, width }: { stack: DayStack; left: number; width: number }) {
  return (
    <div
      aria-hidden="true"
      className="num pointer-events-none absolute top-6 grid grid-cols-[1fr_auto] gap-x-4 rounded-xl bg-overlay px-2.5 py-2 text-small text-fg-2 shadow-pop"
      // Beside the day, never over the edge.
      style={{ width: TIP_WIDTH, left: left + 14 + TIP_WIDTH < width ? left + 14 : Math.max(0, left - 14 - TIP_WIDTH) }}
    >
      <span className="font-medium text-fg">{dayName(stack.day)}</span>
      <span className="text-end font-medium text-fg">{money(stack.total)}</span>
      {[...stack.parts].reverse().map(({ family, cost }) => (
        <div key={family.id} className="contents">
          <span className="flex items-center gap-1.5">
            <span className="size-2 rounded-[2px]" style={{ background: family.colour }} />
            {family.label}
          </span>
          <span className="text-end">{money(cost)}</span>
        </div>
      ))}
    </div>
  );
}

/** Cents only where the whole axis is about cents. */
function axisMoney(value: number, most: number): string {
  if (most >= 10_000) return `$${Math.round(value / 100) / 10}k`;
  return most < 4 ? `$${value.toFixed(2)}` : `$${Number.isInteger(value) ? value : value.toFixed(1)}`;
}

function useWidth() {
  const frame = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { frame, width };
}

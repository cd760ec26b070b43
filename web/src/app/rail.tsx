/** The views, beside every page. It collapses to icons by itself where room is scarce; what the person chose is remembered. */
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { PanelLeftClose, PanelLeftOpen, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { operationQuery } from '../api/query.ts';
import { Keys } from '../keyboard/keys.tsx';
import { openNewRun } from '../new-run/open-new-run.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Count } from '../ui/count.tsx';
import { tip } from '../ui/tooltip.tsx';
import { useProjects, useScopeSearch } from './use-scope.ts';
import { ACTIVITY, BOARD, DOCTOR, LIST, PROJECTS, SETTINGS, USAGE, type View } from './views.ts';
import { useYourTurn } from './your-turn.tsx';

interface RailProps {
  readonly collapsed: boolean;
  readonly onCollapse: (collapsed: boolean) => void;
}

const ITEM =
  'relative flex h-7 flex-none items-center gap-[9px] rounded-md pr-2 pl-[9px] font-medium whitespace-nowrap pointer-coarse:h-11 [&>svg]:flex-none [&>svg]:text-fg-3';

export function Rail({ collapsed, onCollapse }: RailProps) {
  const scope = useScopeSearch();
  const yourTurn = useYourTurn();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const item = (view: View, after?: ReactNode) => (
    <RailItem
      key={view.to}
      view={view}
      here={path === view.to}
      search={view === BOARD || view === LIST ? scope : {}}
      collapsed={collapsed}
      after={after}
    />
  );
  return (
    <nav aria-label="Views" className="flex min-h-0 flex-col gap-px overflow-x-hidden overflow-y-auto px-2 pt-1 pb-2.5">
      <Button
        kind="primary"
        size="lg"
        onClick={() => openNewRun(scope.project === undefined ? {} : { project: scope.project })}
        className={cx('mb-2', collapsed ? '!px-0' : '!justify-start !px-[9px]')}
        {...(collapsed ? tip('New run (N)', 'right') : {})}
      >
        <Plus size={16} strokeWidth={1.75} />
        <span className={collapsed ? 'sr' : undefined}>New run</span>
        {!collapsed && (
          <span className="ml-auto">
            <Keys of="n" />
          </span>
        )}
      </Button>
      {item(
        BOARD,
        yourTurn > 0 && (
          <>
            <Count value={yourTurn} you className={badge(collapsed)} />
            <span className="sr">wait for you</span>
          </>
        ),
      )}
      {item(LIST)}
      {item(ACTIVITY)}
      {item(USAGE)}
      {item(PROJECTS)}
      {!collapsed && <ProjectLinks />}
      <span className="min-h-2 flex-1" />
      {item(DOCTOR)}
      {item(SETTINGS)}
      <button
        type="button"
        aria-expanded={!collapsed}
        onClick={() => onCollapse(!collapsed)}
        className={cx(ITEM, 'text-fg-2 hover:bg-hover', collapsed && 'justify-center !px-0')}
        {...(collapsed ? tip('Show names', 'right') : {})}
      >
        {collapsed ? <PanelLeftOpen size={16} strokeWidth={1.75} /> : <PanelLeftClose size={16} strokeWidth={1.75} />}
        <span className={collapsed ? 'sr' : undefined}>{collapsed ? 'Show names' : 'Collapse'}</span>
      </button>
    </nav>
  );
}

const badge = (collapsed: boolean): string =>
  collapsed ? 'absolute top-px -right-px !h-[15px] !min-w-[15px] !px-1 !text-[10px] shadow-[0_0_0_2px_var(--canvas)]' : 'ml-auto';

interface RailItemProps {
  readonly view: View;
  readonly here: boolean;
  readonly search: object;
  readonly collapsed: boolean;
  readonly after: ReactNode;
}

function RailItem({ view: { to, word, icon: Icon }, here, search, collapsed, after }: RailItemProps) {
  return (
    <Link
      to={to}
      search={search}
      aria-label={after && name !== undefined ? name : word}
      aria-current={here ? 'page' : undefined}
      className={cx(
        ITEM,
        here ? 'bg-active text-fg [&>svg]:text-fg' : 'text-fg-2 hover:bg-hover',
        collapsed && '!h-[34px] justify-center !px-0',
      )}
      {...(collapsed ? tip(word, 'right') : {})}
    >
      <Icon size={16} strokeWidth={1.75} />
      <span className={collapsed ? 'sr' : 'truncate'}>{word}</span>
      {after}
    </Link>
  );
}

/** The projects, each with how many of its runs run now; a click shows its board. */
function ProjectLinks() {
  const { data, isError, refetch } = useProjects();
  const projects = data?.items ?? [];
  const { data: counts } = useQuery(operationQuery('runs.counts', {}));
  const { project: chosen } = useScopeSearch();
  if (isError)
    return (
      <button type="button" onClick={() => void refetch()} className="mx-[9px] mt-3 text-start text-micro text-failed-fg">
        The projects could not be read. <span className="text-link">Try again</span>
      </button>
    );
  if (projects.length === 0) return null;
  return (
    <>
      <span className="px-[9px] pt-3 pb-1 text-micro font-medium text-fg-3">Projects</span>
      {projects.map(({ id, name }) => {
        const running = counts?.projects.find(({ project_id }) => project_id === id)?.counts.running ?? 0;
        return (
          <Link
            key={id}
            to="/"
            search={{ project: name }}
            aria-current={chosen === name ? 'true' : undefined}
            className={cx(ITEM, chosen === name ? 'bg-active text-fg' : 'text-fg-2 hover:bg-hover')}
          >
            <span
              aria-hidden
              className="grid size-4 flex-none place-items-center rounded-sm bg-active text-[9px] leading-none font-semibold text-fg-2"
            >
              {initials(name)}
            </span>
            <span className="truncate">{name}</span>
            {running > 0 && (
              <span className="num ml-auto text-micro text-fg-3">
                {running}
                <span className="sr"> running</span>
              </span>
            )}
          </Link>
        );
      })}
    </>
  );
}

function initials(name: string): string {
  const [first = '', second = ''] = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return (second === '' ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1)).toUpperCase();
}

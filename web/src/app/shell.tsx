/** The frame of every view: top bar, rail, the page as one rounded panel. On a phone: a bar at the bottom instead of the rail. */
import { Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { GlobalLayer } from '../globals/global-layer.tsx';
import { PHONE, useMedia } from '../ui/use-media.ts';
import { BottomBar } from './bottom-bar.tsx';
import { OfflineBanner } from './connection-state.tsx';
import { Rail } from './rail.tsx';
import { PhoneTopBar, TopBar } from './top-bar.tsx';
import { useBoardTopic } from './use-board.ts';
import { ViewBoundary } from './view-boundary.tsx';
import { YourTurn } from './your-turn.tsx';

const KEY = 'gluon.rail';

/** The person's own choice; else by room: under 1280 px, and beside a tree of files. */
function useRail(): [collapsed: boolean, set: (collapsed: boolean) => void] {
  const [choice, setChoice] = useState(() => localStorage.getItem(KEY));
  const narrow = useMedia('(max-width: 1279.98px)');
  const files = useLocation({
    select: ({ pathname, search }) => pathname.startsWith('/runs/') && (search as { tab?: string }).tab === 'files',
  });
  const collapsed = choice === null ? narrow || files : choice === 'collapsed';
  return [
    collapsed,
    (next) => {
      const kept = next ? 'collapsed' : 'open';
      localStorage.setItem(KEY, kept);
      setChoice(kept);
    },
  ];
}

export function Shell() {
  useBoardTopic();
  const phone = useMedia(PHONE);
  const [collapsed, setCollapsed] = useRail();
  const view = useLocation({ select: ({ pathname }) => pathname });
  return (
    <div
      className={
        phone
          ? 'grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_64px] overflow-hidden'
          : `grid h-dvh grid-rows-[var(--h-top)_minmax(0,1fr)] overflow-hidden ${collapsed ? 'grid-cols-[var(--w-rail-min)_minmax(0,1fr)]' : 'grid-cols-[var(--w-rail)_minmax(0,1fr)]'}`
      }
    >
      {phone ? <PhoneTopBar /> : <TopBar collapsed={collapsed} />}
      {!phone && <Rail collapsed={collapsed} onCollapse={setCollapsed} />}
      <main className="relative mr-2 mb-2 flex min-w-0 flex-col overflow-hidden rounded-xl bg-panel shadow-[0_0_0_1px_var(--border-subtle),var(--e-card)] max-phone:m-0 max-phone:rounded-none">
        <OfflineBanner />
        <ViewBoundary name={view}>
          <Suspense>
            <Outlet />
          </Suspense>
        </ViewBoundary>
      </main>
      {phone && <BottomBar />}
      <YourTurn />
      <GlobalLayer />
    </div>
  );
}

/** The frame of every view: top bar, rail, the page as one rounded panel. On a phone: a bar at the bottom instead of the rail. */
import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { GlobalLayer } from '../globals/global-layer.tsx';
import { Rail } from './rail.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewBoundary } from './view-boundary.tsx';

export function Shell() {
  return (
    <div className="grid h-dvh grid-cols-[var(--w-rail)_minmax(0,1fr)] grid-rows-[var(--h-top)_minmax(0,1fr)] overflow-hidden max-phone:grid-cols-1 max-phone:grid-rows-[var(--h-top)_minmax(0,1fr)_64px]">
      <TopBar />
      <Rail />
      <main className="relative mr-2 mb-2 flex min-w-0 flex-col overflow-hidden rounded-xl bg-panel shadow-[0_0_0_1px_var(--border-subtle),var(--e-card)] max-phone:m-0 max-phone:rounded-none">
        <ViewBoundary name="view">
          <Suspense>
            <Outlet />
          </Suspense>
        </ViewBoundary>
      </main>
      <GlobalLayer />
    </div>
  );
}

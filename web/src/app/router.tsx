/** Addresses and their views. Each view is loaded when it is first shown; the shell and the board come with the page. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { BoardView } from '../board/board-view.tsx';
import { NotFound } from './not-found.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

/** `run` opens a run in the side panel. */
const board = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: BoardView,
  validateSearch: (search: Record<string, unknown>): { project?: string; workspace?: string; run?: string; filter?: string } => ({
    project: text(search.project),
    workspace: text(search.workspace),
    run: text(search.run),
    filter: text(search.filter),
  }),
});

const list = createRoute({
  getParentRoute: () => root,
  path: '/list',
  component: lazyRouteComponent(() => import('../list/list-view.tsx'), 'ListView'),
  validateSearch: (
    search: Record<string, unknown>,
  ): { project?: string; workspace?: string; status?: string; search?: string; archived?: boolean } => ({
    project: text(search.project),
    workspace: text(search.workspace),
    status: text(search.status),
    search: text(search.search),
    archived: search.archived === true ? true : undefined,
  }),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  component: lazyRouteComponent(() => import('../run/run-page.tsx'), 'RunPage'),
  validateSearch: (search: Record<string, unknown>): { tab?: string; file?: string; seq?: number } => ({
    tab: text(search.tab),
    file: text(search.file),
    seq: typeof search.seq === 'number' ? search.seq : undefined,
  }),
});

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  component: lazyRouteComponent(() => import('../activity/activity-view.tsx'), 'ActivityView'),
});
const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  component: lazyRouteComponent(() => import('../usage/usage-view.tsx'), 'UsageView'),
  validateSearch: (search: Record<string, unknown>): { project?: string } => ({ project: text(search.project) }),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/settings-view.tsx'), 'SettingsView'),
});
const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  component: lazyRouteComponent(() => import('../projects/projects-view.tsx'), 'ProjectsView'),
  validateSearch: (search: Record<string, unknown>): { project?: string; add?: boolean } => ({
    project: text(search.project),
    add: search.add === true ? true : undefined,
  }),
});
const doctor = createRoute({
  getParentRoute: () => root,
  path: '/doctor',
  component: lazyRouteComponent(() => import('../doctor/doctor-view.tsx'), 'DoctorView'),
});

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const router = createRouter({
  routeTree: root.addChildren([board, list, run, activity, usage, settings, projects, doctor]),
  defaultPreload: 'intent',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

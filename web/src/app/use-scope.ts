/** Which projects the page shows: all, those of a workspace, or one. It stands in the address of board and list. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { operationQuery } from '../api/query.ts';

export interface ScopeSearch {
  readonly project?: string;
  readonly workspace?: string;
}

/** Of the address; other views have none. */
export function useScopeSearch(): ScopeSearch {
  const search: ScopeSearch = useSearch({ strict: false });
  const { project, workspace } = search;
  return useMemo(() => ({ project, workspace }), [project, workspace]);
}

export function useProjects() {
  return useQuery(operationQuery('projects.list', {}));
}

export function useWorkspaces() {
  return useQuery(operationQuery('workspaces.list', {}));
}

/** Names and ids of the projects in the scope; null: all of them. */
export function useScopeProjects(): ReadonlySet<string> | null {
  const { project, workspace } = useScopeSearch();
  const { data: projects } = useProjects();
  const { data: workspaces } = useWorkspaces();
  return useMemo(() => {
    if (project !== undefined) return new Set([project]);
    if (workspace === undefined) return null;
    const id = workspaces?.items.find(({ name, id }) => name === workspace || id === workspace)?.id;
    return new Set((projects?.items ?? []).filter(({ workspace_id }) => workspace_id === id).map((each) => each.id));
  }, [project, workspace, projects, workspaces]);
}

/** Which workspace and which project is shown. What is chosen stands in the address of the board or the list. */
import { useLocation, useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, Layers } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Count } from '../ui/count.tsx';
import { Menu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/popup-types.ts';
import { useProjects, useScopeSearch, useWorkspaces } from './use-scope.ts';

export function ScopeSwitch({ small = false }: { small?: boolean }) {
  const scope = useScopeSearch();
  const projects = useProjects().data?.items ?? [];
  const workspaces = useWorkspaces().data?.items ?? [];
  const onList = useLocation({ select: ({ pathname }) => pathname === '/list' });
  const navigate = useNavigate();

  const workspace = workspaces.find(({ name }) => name === scope.workspace);
  const inScope = workspace === undefined ? projects : projects.filter(({ workspace_id }) => workspace_id === workspace.id);

  function choose(next: { project?: string; workspace?: string }): void {
    void navigate({ to: onList ? '/list' : '/', search: (before) => ({ ...before, ...next, run: undefined }) });
  }

  function projectEntries(): MenuEntry[] {
    return [
      {
        label: 'All projects',
        checked: scope.project === undefined,
        hint: inScope.length,
        run: () => choose({ project: undefined, ...(small ? { workspace: undefined } : {}) }),
      },
      ...(small && workspaces.length > 0 ? [{ heading: 'Workspaces' } as const, ...workspaceEntries()] : []),
      ...(inScope.length > 0 ? [{ heading: 'Projects' } as const] : []),
      ...inScope.map(({ name }) => ({ label: name, checked: scope.project === name, run: () => choose({ project: name }) })),
    ];
  }

  function workspaceEntries(): MenuEntry[] {
    return workspaces.map(({ name, project_count }) => ({
      label: name,
      checked: scope.workspace === name,
      hint: project_count,
      run: () => choose({ workspace: name, project: undefined }),
    }));
  }

  const shown = scope.project ?? (small ? scope.workspace : undefined) ?? 'All projects';
  return (
    <>
      {!small && workspaces.length > 0 && (
        <>
          <Menu
            label="Workspace"
            align="start"
            entries={() => [
              {
                label: 'All workspaces',
                checked: scope.workspace === undefined,
                run: () => choose({ workspace: undefined, project: undefined }),
              },
              ...workspaceEntries(),
            ]}
            trigger={(props) => (
              <Button {...props} className="min-w-0 max-w-44 flex-initial !px-2">
                <span className="sr">Workspace:</span>
                <Layers size={14} strokeWidth={1.75} className="flex-none text-fg-2" />
                <span className="truncate">{scope.workspace ?? 'All workspaces'}</span>
                <ChevronsUpDown size={13} strokeWidth={1.75} className="flex-none text-fg-3" />
              </Button>
            )}
          />
          <span className="text-fg-3">/</span>
        </>
      )}
      <Menu
        label="Project"
        align="start"
        entries={projectEntries}
        trigger={(props) => (
          <Button {...props} className="min-w-0 max-w-56 flex-initial !px-2">
            <span className="sr">Project:</span>
            <span className="truncate">{shown}</span>
            {!small && scope.project === undefined && inScope.length > 0 && <Count value={inScope.length} />}
            <ChevronsUpDown size={13} strokeWidth={1.75} className="flex-none text-fg-3" />
          </Button>
        )}
      />
    </>
  );
}

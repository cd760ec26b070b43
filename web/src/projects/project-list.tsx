/** All projects, those of a workspace together. */
import { Link } from '@tanstack/react-router';
import { ChevronRight, FolderGit2 } from 'lucide-react';
import type { Project, Workspace } from '../../../src/contract/resources.ts';
import { ProjectMark } from '../new-run/project-mark.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel, ViewBody } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useProjects } from './use-projects.ts';
import { WorkspaceActions } from './workspace-actions.tsx';

export function ProjectList({ onAdd }: { onAdd: (() => void) | undefined }) {
  const { projects, workspaces, counts } = useProjects();
  const failed = [projects, workspaces].find(({ error }) => error !== null);
  const active = new Map(
    counts.data?.projects.map(({ project_id, counts: each }) => [project_id, each.pending + each.running + each.review]) ?? [],
  );
  const all = projects.data?.items ?? [];
  const groups: { workspace: Workspace | null; items: Project[] }[] = [
    ...(workspaces.data?.items.map((workspace) => ({ workspace, items: all.filter((each) => each.workspace_id === workspace.id) })) ?? []),
    { workspace: null, items: all.filter(({ workspace_id }) => workspace_id === null) },
  ].filter(({ workspace, items }) => workspace !== null || items.length > 0);
  return (
    <ViewBody className="flex flex-col gap-2.5">
      {failed !== undefined && (
        <Problem
          title="The projects could not be read"
          error={failed.error}
          onRetry={() => {
            void projects.refetch();
            void workspaces.refetch();
          }}
        />
      )}
      {failed === undefined && (projects.data === undefined || workspaces.data === undefined) ? (
        <Panel>
          <SkeletonRows label="Reading the projects" />
        </Panel>
      ) : groups.length === 0 && failed === undefined ? (
        <Empty
          icon={FolderGit2}
          title="No project yet"
          text="A project is a git repository on this machine. Runs work on branches of their own; your checkout is never touched."
        >
          {onAdd !== undefined && (
            <Button kind="outline" size="sm" onClick={onAdd}>
              Add a project
            </Button>
          )}
        </Empty>
      ) : (
        groups.map(({ workspace, items }) => (
          <Panel
            key={workspace?.id ?? ''}
            title={workspace?.name ?? (groups.length > 1 ? 'Without workspace' : 'Repositories')}
            sub={workspace === null ? undefined : <span className="mono text-[11px] break-all">{workspace.path}</span>}
            actions={workspace !== null && <WorkspaceActions workspace={workspace} projects={items.length} />}
          >
            {items.length === 0 && (
              <p className="px-3.5 pb-3 text-small text-fg-3">
                No project in it. Scan it after you have cloned or made a repository there.
              </p>
            )}
            <ul>
              {items.map((project) => (
                <ProjectRow key={project.id} project={project} active={active.get(project.id) ?? 0} />
              ))}
            </ul>
          </Panel>
        ))
      )}
    </ViewBody>
  );
}

function ProjectRow({ project, active }: { project: Project; active: number }) {
  return (
    <li className="border-t border-line-subtle">
      <Link
        to="/projects"
        search={{ project: project.name }}
        className="flex min-h-11 items-center gap-3 px-3.5 py-1.5 last:rounded-b-lg hover:bg-hover"
      >
        <ProjectMark name={project.name} />
        <span className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-center sm:gap-3">
          <span className="min-w-0 truncate font-medium sm:w-52 sm:flex-none">{project.name}</span>
          <span className="mono min-w-0 truncate text-[11.5px] text-fg-3" title={project.path}>
            {project.path}
          </span>
        </span>
        {active > 0 && (
          <span className="num flex-none text-small text-fg-2">
            {active} {active === 1 ? 'run' : 'runs'} open
          </span>
        )}
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden className="flex-none text-fg-3" />
      </Link>
    </li>
  );
}

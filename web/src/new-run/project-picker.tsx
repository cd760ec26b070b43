import { useQuery } from '@tanstack/react-query';
import { ChevronsUpDown } from 'lucide-react';
import type { Project } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import type { MenuEntry } from '../ui/popup-types.ts';
import { ProjectMark } from './project-mark.tsx';
import type { NewRunState } from './use-new-run.ts';

interface ProjectPickerProps {
  readonly state: NewRunState;
  readonly projects: readonly Project[];
  /** The chosen one; null: none, or it is gone. */
  readonly project: Project | null;
}

export function ProjectPicker({ state, projects, project }: ProjectPickerProps) {
  const { data } = useQuery(operationQuery('workspaces.list', {}));
  const workspaces = new Map((data?.items ?? []).map(({ id, name }) => [id, name]));
  const workspace = project === null ? undefined : workspaces.get(project.workspace_id ?? '');
  return (
    <Menu
      label="Project"
      align="start"
      entries={() => grouped(projects, workspaces, state)}
      trigger={(props) => (
        <Button {...props} kind="outline" size="sm" aria-invalid={state.errors.project !== undefined || undefined}>
          <span className="sr">Project: </span>
          {project === null ? (
            'Choose a project'
          ) : (
            <>
              <ProjectMark name={project.name} />
              <span className="max-w-48 truncate">{project.name}</span>
              {workspace !== undefined && <span className="max-w-32 truncate text-fg-3 max-phone:hidden">· {workspace}</span>}
            </>
          )}
          <ChevronsUpDown size={12} strokeWidth={1.75} />
        </Button>
      )}
    />
  );
}

function grouped(projects: readonly Project[], workspaces: ReadonlyMap<string, string>, state: NewRunState): MenuEntry[] {
  const groups = new Map<string, Project[]>();
  for (const project of projects) {
    const name = workspaces.get(project.workspace_id ?? '') ?? '';
    groups.set(name, [...(groups.get(name) ?? []), project]);
  }
  return [...groups]
    .sort(([one], [other]) => one.localeCompare(other))
    .flatMap(([name, members]): MenuEntry[] => [
      ...(name !== '' ? [{ heading: name }] : groups.size > 1 ? [{ heading: 'In no workspace' }] : []),
      ...members
        .sort((one, other) => one.name.localeCompare(other.name))
        .map((project) => ({
          label: project.name,
          icon: <ProjectMark name={project.name} />,
          checked: project.name === state.form.project,
          run: () => state.change({ project: project.name, base: '', branch: '' }),
        })),
    ]);
}

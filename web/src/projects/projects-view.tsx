/** Projects by workspace, or one of them whole. */
import { getRouteApi } from '@tanstack/react-router';
import { FolderPlus, FolderTree } from 'lucide-react';
import { useState } from 'react';
import { useMayAct } from '../run/use-may-act.ts';
import { Button } from '../ui/button.tsx';
import { ViewHead } from '../ui/panel.tsx';
import { AddProject } from './add-project.tsx';
import { AddWorkspace } from './add-workspace.tsx';
import { ProjectDetail } from './project-detail.tsx';
import { ProjectList } from './project-list.tsx';
import { useFreshProjects } from './use-projects.ts';

const route = getRouteApi('/projects');

export function ProjectsView() {
  const { project, add = false } = route.useSearch();
  const navigate = route.useNavigate();
  const [addingWorkspace, setAddingWorkspace] = useState(false);
  const mayAct = useMayAct();
  useFreshProjects();
  const adding = (open: boolean) => void navigate({ search: { project, add: open ? true : undefined } });
  if (project !== undefined) return <ProjectDetail key={project} name={project} />;
  return (
    <>
      <ViewHead
        title="Projects"
        actions={
          mayAct && (
            <>
              <Button kind="outline" onClick={() => setAddingWorkspace(true)}>
                <FolderTree size={14} strokeWidth={1.75} />
                Add workspace
              </Button>
              <Button kind="primary" onClick={() => adding(true)}>
                <FolderPlus size={14} strokeWidth={1.75} />
                Add project
              </Button>
            </>
          )
        }
      />
      <ProjectList onAdd={mayAct ? () => adding(true) : undefined} />
      {add && mayAct && <AddProject onClose={() => adding(false)} />}
      {addingWorkspace && <AddWorkspace onClose={() => setAddingWorkspace(false)} />}
    </>
  );
}

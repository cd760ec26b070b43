/** One project: its repository, its branches, what is its own in the settings. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft, SquareKanban } from 'lucide-react';
import { useState } from 'react';
import type { Project } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { operationQuery } from '../api/query.ts';
import { useMayAct } from '../run/use-may-act.ts';
import { Button } from '../ui/button.tsx';
import { AlertDialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { Panel, ViewBody, ViewHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { toast } from '../ui/toast.tsx';
import { BranchesPanel } from './branches-panel.tsx';
import { GitPanel } from './git-panel.tsx';
import { ProjectSettings } from './project-settings.tsx';
import { useRefreshProjects } from './use-projects.ts';

export function ProjectDetail({ name }: { name: string }) {
  const project = useQuery(operationQuery('projects.get', { project: name }));
  const gone = project.error instanceof ApiFailure && project.error.code === 'project_not_found';
  return (
    <>
      <ViewHead
        titleOnPhone
        title={
          <span className="flex items-center gap-1.5">
            <Link to="/projects" aria-label="All projects" className="rounded-md p-1 text-fg-3 hover:bg-hover hover:text-fg">
              <ArrowLeft size={16} strokeWidth={1.75} />
            </Link>
            <span className="truncate">{project.data?.name ?? name}</span>
          </span>
        }
        actions={
          project.data !== undefined && (
            <Link
              to="/"
              search={{ project: project.data.name }}
              className="flex h-7 items-center gap-1.5 rounded-md px-2.5 font-medium hover:bg-hover"
            >
              <SquareKanban size={14} strokeWidth={1.75} className="text-fg-3" />
              Runs
            </Link>
          )
        }
      />
      {gone ? (
        <Empty icon={SquareKanban} title={`There is no project “${name}”`} text="It was removed, or has another name now.">
          <Link to="/projects" className="text-link">
            All projects
          </Link>
        </Empty>
      ) : (
        <ViewBody className="flex flex-col gap-2.5">
          {project.error !== null && (
            <Problem title="The project could not be read" error={project.error} onRetry={() => void project.refetch()} />
          )}
          {project.isPending && (
            <Panel>
              <SkeletonRows label="Reading the project" />
            </Panel>
          )}
          {project.data !== undefined && <Whole project={project.data} />}
        </ViewBody>
      )}
    </>
  );
}

function Whole({ project }: { project: Project }) {
  const mayAct = useMayAct();
  return (
    <div className="grid grid-cols-2 items-start gap-2.5 max-[1180px]:grid-cols-1">
      <div className="flex min-w-0 flex-col gap-2.5">
        <GitPanel project={project} mayAct={mayAct} />
        <BranchesPanel project={project} mayAct={mayAct} />
      </div>
      <div className="flex min-w-0 flex-col gap-2.5">
        <ProjectSettings project={project} mayAct={mayAct} />
        {mayAct && <RemoveProject project={project} />}
      </div>
    </div>
  );
}

function RemoveProject({ project }: { project: Project }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const refresh = useRefreshProjects();
  const remove = useMutation({
    mutationFn: () => call('projects.remove', { project: project.id }),
    onSuccess: async () => {
      toast({ kind: 'info', title: `${project.name} was removed`, text: 'Its repository was not touched.' });
      await navigate({ to: '/projects' });
      await refresh();
    },
  });
  return (
    <Panel className="flex flex-wrap items-center gap-3 px-3.5 py-3">
      <p className="min-w-0 flex-1 text-small text-fg-2">Takes the project and its ended runs off Gluon. The repository is not touched.</p>
      <Button kind="danger" onClick={() => setAsking(true)}>
        Remove project
      </Button>
      {asking && (
        <AlertDialog
          open
          onClose={() => {
            setAsking(false);
            remove.reset();
          }}
          title={`Remove “${project.name}”?`}
          action="Remove"
          busy={remove.isPending}
          onAction={() => remove.mutate()}
        >
          <p>Its ended runs go with it, with their transcripts. Branches, and the repository itself, stay.</p>
          {remove.error !== null && <Problem title="It was not removed" error={remove.error} className="mt-2" />}
        </AlertDialog>
      )}
    </Panel>
  );
}

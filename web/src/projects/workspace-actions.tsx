/** What can be done with a workspace: search it again, let it go. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Project, Workspace } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { useMayAct } from '../run/use-may-act.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { AlertDialog, Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { toastFailure } from '../ui/toast.tsx';
import { useRefreshProjects } from './use-projects.ts';

export function WorkspaceActions({ workspace, projects }: { workspace: Workspace; projects: number }) {
  const [removing, setRemoving] = useState(false);
  const refresh = useRefreshProjects();
  const scan = useMutation({
    mutationFn: () => call('workspaces.scan', { workspace: workspace.id }),
    onSuccess: refresh,
    onError: (error) => toastFailure(`${workspace.name} was not searched`, error, () => scan.mutate()),
  });
  if (!useMayAct()) return null;
  return (
    <>
      <Button size="sm" kind="outline" busy={scan.isPending} onClick={() => scan.mutate()}>
        <RefreshCw size={13} strokeWidth={1.75} />
        Scan
      </Button>
      <Button size="sm" icon aria-label={`Remove the workspace ${workspace.name}`} onClick={() => setRemoving(true)}>
        <Trash2 size={13} strokeWidth={1.75} />
      </Button>
      <Dialog
        open={scan.data !== undefined}
        onClose={() => scan.reset()}
        title={`Projects found in ${workspace.name}`}
        width={440}
        footer={
          <Button kind="primary" onClick={() => scan.reset()} className="ml-auto">
            Done
          </Button>
        }
      >
        <div className="overflow-y-auto px-5 pt-1 pb-5">
          <FoundProjects found={scan.data?.found ?? []} />
        </div>
      </Dialog>
      {removing && <RemoveWorkspace workspace={workspace} projects={projects} onClose={() => setRemoving(false)} />}
    </>
  );
}

export function FoundProjects({ found }: { found: readonly Project[] }) {
  if (found.length === 0)
    return (
      <p className="text-fg-2">Nothing new was found. A repository without a commit, or a shallow or partial clone, cannot be a project.</p>
    );
  return (
    <ul className="flex flex-col gap-1.5">
      {found.map((project) => (
        <li key={project.id} className="min-w-0">
          <Link to="/projects" search={{ project: project.name }} className="font-medium hover:underline">
            {project.name}
          </Link>
          <span className="mono block truncate text-[11.5px] text-fg-3" title={project.path}>
            {project.path}
          </span>
        </li>
      ))}
    </ul>
  );
}

function RemoveWorkspace({ workspace, projects, onClose }: { workspace: Workspace; projects: number; onClose: () => void }) {
  const [withProjects, setWithProjects] = useState(false);
  const refresh = useRefreshProjects();
  const remove = useMutation({
    mutationFn: () => call('workspaces.remove', { workspace: workspace.id, with_projects: withProjects }),
    onSuccess: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={`Remove the workspace “${workspace.name}”?`}
      action="Remove"
      busy={remove.isPending}
      onAction={() => remove.mutate()}
    >
      <p>The folder and its repositories are not touched.</p>
      {projects > 0 && (
        <Checkbox
          checked={withProjects}
          onChange={setWithProjects}
          label={`Also remove its ${projects} ${projects === 1 ? 'project' : 'projects'} with their ended runs`}
        />
      )}
      {remove.error !== null && <Problem title="It was not removed" error={remove.error} className="mt-2" />}
    </AlertDialog>
  );
}

import type { Handlers } from '../contract/handlers.ts';
import type { projectOperations } from '../contract/operations/projects.ts';
import { completeFiles } from './completion.ts';
import type { Deps } from './deps.ts';
import { findProject, findWorkspace } from './find.ts';
import { deleteBranch, gitFetch, gitPush, gitStatus, gitSync, listBranches, renameBranch } from './git-commands.ts';
import { only } from './only.ts';
import {
  addProject,
  addWorkspace,
  removeProject,
  removeWorkspace,
  renderProject,
  renderWorkspace,
  scanWorkspace,
  updateProject,
} from './projects.ts';

const DONE = { done: true } as const;

export function projectHandlers(deps: Deps): Pick<Handlers, keyof typeof projectOperations> {
  return {
    'projects.list': async (input) => {
      const workspace = input.workspace === undefined ? null : await findWorkspace(deps.store, input.workspace);
      const projects = await deps.store.projects();
      return { items: projects.filter((project) => workspace === null || project.workspace_id === workspace.id).map(renderProject) };
    },
    'projects.add': async (input, context) => renderProject(await addProject(deps, only(input) as typeof input, context.actor)),
    'projects.get': async (input) => renderProject(await findProject(deps.store, input.project)),
    'projects.update': async (input, context) => renderProject(await updateProject(deps, input, context.actor)),
    'projects.remove': async (input, context) => {
      await removeProject(deps, input.project, context.actor);
      return DONE;
    },
    'projects.files': async (input) => completeFiles(deps, input),
    'git.status': async (input) => gitStatus(deps, input.project),
    'git.fetch': async (input) => gitFetch(deps, input.project),
    'git.sync': async (input) => gitSync(deps, input.project),
    'git.push': async (input) => gitPush(deps, input.project, input.branch),
    'branches.list': async (input) => ({ items: await listBranches(deps, input) }),
    'branches.rename': async (input) => {
      await renameBranch(deps, input);
      return DONE;
    },
    'branches.delete': async (input) => {
      await deleteBranch(deps, input);
      return DONE;
    },
    'workspaces.list': async () => {
      const rows = await deps.store.workspaces();
      return { items: await Promise.all(rows.map((row) => renderWorkspace(deps, row))) };
    },
    'workspaces.add': async (input, context) => addWorkspace(deps, input, context.actor),
    'workspaces.get': async (input) => renderWorkspace(deps, await findWorkspace(deps.store, input.workspace)),
    'workspaces.scan': async (input, context) => {
      const workspace = await findWorkspace(deps.store, input.workspace);
      const found = await scanWorkspace(deps, workspace, context.actor);
      return { workspace: await renderWorkspace(deps, workspace), found };
    },
    'workspaces.remove': async (input, context) => {
      await removeWorkspace(deps, input, context.actor);
      return DONE;
    },
  };
}

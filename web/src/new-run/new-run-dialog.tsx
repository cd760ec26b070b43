/** The dialog `New run`: project, prompt, profile, and what rarely matters folded below. */

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FolderGit2, GitBranch } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { operationQuery } from '../api/query.ts';
import { Keys } from '../keyboard/keys.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { useLiveStatus } from '../live/live.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { Problem } from '../ui/problem.tsx';
import { PromptBox } from '../ui/prompt-box.tsx';
import { useSignal } from '../ui/signal.ts';
import { BeforeItStarts } from './before-it-starts.tsx';
import { FurtherOptions } from './further-options.tsx';
import { newRun } from './open-new-run.ts';
import { ProfileCards } from './profile-cards.tsx';
import { ProjectPicker } from './project-picker.tsx';
import { RunOptions } from './run-options.tsx';
import { type NewRunState, useNewRun } from './use-new-run.ts';

export function NewRunDialog() {
  const open = useSignal(newRun) !== null;
  const state = useNewRun();
  const text = useRef<HTMLTextAreaElement>(null);
  const close = () => newRun.set(null);
  const projects = useQuery({ ...operationQuery('projects.list', {}), enabled: open, refetchOnMount: true });
  useShortcuts('Dialog', [{ keys: 'mod+enter', label: 'Submit', when: () => open, run: state.submit }]);
  const project = projects.data?.items.find(({ name, id }) => name === state.form.project || id === state.form.project) ?? null;
  const none = projects.data?.items.length === 0;
  const gone = projects.data !== undefined && project === null && state.form.project !== '';
  const projectError = state.errors.project ?? (gone ? `There is no project "${state.form.project}" any more.` : undefined);
  const only = projects.data?.items.length === 1 ? projects.data.items[0]?.name : undefined;
  const { change } = state;
  useEffect(() => {
    // Where there is one project there is no choice.
    if (open && only !== undefined && state.form.project === '') change({ project: only });
  }, [open, only, state.form.project, change]);
  return (
    <Dialog
      open={open}
      onClose={close}
      title="New run"
      width={920}
      place="top"
      initialFocus={text}
      closeLabel={state.draft === 'kept' ? 'Close, the draft is kept' : 'Close'}
      after={
        none ? undefined : (
          <>
            <span className="text-fg-3 max-phone:sr-only">in</span>
            <ProjectPicker state={state} projects={projects.data?.items ?? []} project={project} />
            {state.draft !== null && (
              <span className="ml-auto text-small text-fg-3 max-phone:sr-only" role="status">
                {state.draft === 'kept' ? 'Draft kept' : 'Too long to keep as a draft'}
              </span>
            )}
          </>
        )
      }
      footer={none ? undefined : <Foot state={state} base={project?.base_branch ?? null} onClose={close} />}
    >
      {none ? (
        <Empty icon={FolderGit2} title="There is no project yet" text="A run works on a git repository that Gluon knows." className="pb-10">
          <Link to="/projects" onClick={close} className="font-medium text-link">
            Add a project
          </Link>
        </Empty>
      ) : (
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_272px] overflow-auto overscroll-contain max-[860px]:grid-cols-1">
          <div className="grid content-start gap-2.5 px-5 pt-0.5 pb-3.5 max-phone:px-4">
            {projects.error !== null && (
              <Problem title="The projects could not be read" error={projects.error} onRetry={() => void projects.refetch()} />
            )}
            {projectError !== undefined && (
              <p role="alert" className="flex gap-1.5 text-small break-words text-failed-fg">
                <Glyph name="failed" size={12} className="mt-0.5" />
                {projectError}
              </p>
            )}
            <PromptBox
              value={state.form.prompt}
              onChange={(prompt) => state.change({ prompt })}
              label="Prompt"
              placeholder="What should the agent do? / for commands, @ for files"
              project={project?.name ?? null}
              images={state.images}
              onSubmit={state.submit}
              error={state.errors.prompt}
              text={text}
            />
            <ProfileCards state={state} />
            <RunOptions state={state} />
            <FurtherOptions state={state} project={project} />
            {state.errors.form !== undefined && (
              <p
                role="alert"
                className="flex gap-2 rounded-lg bg-failed-tint px-3 py-2 text-small shadow-[inset_0_0_0_1px_var(--failed-line)]"
              >
                <Glyph name="failed" size={13} className="mt-px" />
                <span className="min-w-0 break-words">{state.errors.form} Nothing is lost: what you typed stays here.</span>
              </p>
            )}
          </div>
          <BeforeItStarts project={project?.name ?? null} profile={state.form.profile} />
        </div>
      )}
    </Dialog>
  );
}

function Foot({ state, base, onClose }: { state: NewRunState; base: string | null; onClose: () => void }) {
  const { state: connection } = useLiveStatus();
  const { form, busy } = state;
  return (
    <>
      <span className="flex min-w-0 items-center gap-1.5 text-small text-fg-2 max-phone:hidden">
        <GitBranch size={13} strokeWidth={1.75} className="flex-none" />
        {connection === 'offline' ? (
          <span>Offline: what you type is kept as a draft</span>
        ) : (
          <span className="truncate">{whereFrom(form.worktree, form.uncommitted, form.base.trim() || base)}</span>
        )}
      </span>
      <span className="ml-auto flex items-center gap-2 max-phone:ml-0 max-phone:w-full">
        <Button onClick={onClose} className="max-phone:hidden">
          Cancel
        </Button>
        <Button kind="primary" busy={busy} onClick={state.submit} className="max-phone:h-12 max-phone:flex-1">
          Queue run
          <Keys of="mod+enter" />
        </Button>
      </span>
    </>
  );
}

function whereFrom(worktree: boolean, uncommitted: boolean, base: string | null) {
  if (!worktree) return 'Works in your checkout, without a branch of its own';
  if (uncommitted) return 'Own branch and working copy, from your checkout as it is now';
  return (
    <>Own branch and working copy from {base === null ? 'the branch that is checked out' : <span className="mono text-fg">{base}</span>}</>
  );
}

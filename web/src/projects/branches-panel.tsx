/** Branches of a project, newest first. Only those that Gluon made can be changed here. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Branch } from '../../../src/contract/git-resources.ts';
import type { Project } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { operationQuery } from '../api/query.ts';
import { Button } from '../ui/button.tsx';
import { AlertDialog, Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { ago } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { Problem, sentenceOf } from '../ui/problem.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { useNow } from '../ui/use-now.ts';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'mine', label: 'By Gluon' },
] as const;
const MOST = 100;

export function BranchesPanel({ project, mayAct }: { project: Project; mayAct: boolean }) {
  const [shown, setShown] = useState<'all' | 'mine'>('all');
  const branches = useQuery({
    ...operationQuery('branches.list', { project: project.id, mine: shown === 'mine', limit: MOST }),
    refetchOnMount: 'always',
  });
  const items = branches.data?.items ?? [];
  return (
    <Panel
      title="Branches"
      sub={items.length === MOST ? `the newest ${MOST}` : undefined}
      actions={<Segmented label="Branches" value={shown} options={SHOWN} onChange={setShown} />}
    >
      {branches.error !== null && (
        <Problem
          title="The branches could not be read"
          error={branches.error}
          onRetry={() => void branches.refetch()}
          className="m-3.5 mt-0"
        />
      )}
      {branches.isPending && <SkeletonRows rows={4} label="Reading the branches" />}
      {branches.isSuccess && items.length === 0 && <p className="px-3.5 pb-3 text-small text-fg-3">No branch of a run is here.</p>}
      <ul>
        {items.map((branch) => (
          <BranchRow key={branch.name} branch={branch} project={project} mayAct={mayAct} />
        ))}
      </ul>
    </Panel>
  );
}

function BranchRow({ branch, project, mayAct }: { branch: Branch; project: Project; mayAct: boolean }) {
  const [open, setOpen] = useState<'rename' | 'delete' | null>(null);
  const nowMs = useNow(60_000);
  // The server decides; this only leaves out what it would refuse for sure.
  const ours = branch.run_id !== null || branch.name.startsWith('gluon-task/');
  return (
    <li className="flex items-center gap-3 border-t border-line-subtle px-3.5 py-1.5">
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2">
          <code className="truncate text-[11.5px] text-fg" title={branch.name}>
            {branch.name}
          </code>
          {branch.current && <span className="flex-none text-micro text-fg-3">checked out</span>}
          {branch.merged && <span className="flex-none text-micro text-completed-fg">merged</span>}
        </p>
        <p className="truncate text-small text-fg-3" title={branch.subject}>
          {branch.run_id === null ? (
            branch.subject
          ) : (
            <Link to="/runs/$run" params={{ run: branch.run_id }} className="text-fg-2 hover:underline">
              {branch.subject}
            </Link>
          )}
        </p>
      </div>
      <span className="num flex-none text-small text-fg-3">{ago(Date.parse(branch.at), nowMs)}</span>
      {mayAct && ours && (
        <span className="flex flex-none">
          <Button icon size="sm" aria-label={`Rename ${branch.name}`} onClick={() => setOpen('rename')}>
            <Pencil size={13} strokeWidth={1.75} />
          </Button>
          <Button icon size="sm" aria-label={`Delete ${branch.name}`} onClick={() => setOpen('delete')}>
            <Trash2 size={13} strokeWidth={1.75} />
          </Button>
        </span>
      )}
      {open === 'rename' && <RenameBranch branch={branch} project={project} onClose={() => setOpen(null)} />}
      {open === 'delete' && <DeleteBranch branch={branch} project={project} onClose={() => setOpen(null)} />}
    </li>
  );
}

interface OneBranch {
  readonly branch: Branch;
  readonly project: Project;
  readonly onClose: () => void;
}

function RenameBranch({ branch, project, onClose }: OneBranch) {
  const [to, setTo] = useState(branch.name);
  const refresh = useRefreshBranches();
  const rename = useMutation({
    mutationFn: () => call('branches.rename', { project: project.id, from: branch.name, to: to.trim() }),
    onSuccess: async () => {
      onClose();
      await refresh();
    },
  });
  const ready = to.trim() !== '' && to.trim() !== branch.name;
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) rename.mutate();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename the branch"
      width={440}
      footer={
        <>
          <Button onClick={onClose} className="ml-auto">
            Cancel
          </Button>
          <Button type="submit" form="rename-branch" kind="primary" busy={rename.isPending} disabled={!ready}>
            Rename
          </Button>
        </>
      }
    >
      <form id="rename-branch" onSubmit={submit} noValidate className="px-5 pt-1 pb-5">
        <Field label="New name" hint="Its run follows the new name." error={rename.error === null ? undefined : sentenceOf(rename.error)}>
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              className="mono text-small"
              value={to}
              onChange={({ target }) => {
                setTo(target.value);
                rename.reset();
              }}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function DeleteBranch({ branch, project, onClose }: OneBranch) {
  const refresh = useRefreshBranches();
  const remove = useMutation({
    mutationFn: () => call('branches.delete', { project: project.id, name: branch.name }),
    onSuccess: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <AlertDialog
      open
      onClose={onClose}
      title={`Delete ${branch.name}?`}
      action="Delete"
      busy={remove.isPending}
      onAction={() => remove.mutate()}
    >
      <p>
        {branch.merged ? 'It is merged.' : 'It is not merged.'} {branch.run_id !== null && 'Its commits stay with its run.'}
      </p>
      {remove.error !== null && <Problem title="It was not deleted" error={remove.error} className="mt-2" />}
    </AlertDialog>
  );
}

function useRefreshBranches(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['branches.list'] });
}

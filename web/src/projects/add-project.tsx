/** Registering a repository. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.ts';
import { ApiFailure } from '../api/failure.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Problem, sentenceOf } from '../ui/problem.tsx';
import { nameFromPath } from './names.ts';
import { useRefreshProjects } from './use-projects.ts';

export function AddProject({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [base, setBase] = useState('');
  const navigate = useNavigate();
  const refresh = useRefreshProjects();
  const name = typedName ?? nameFromPath(path);
  const add = useMutation({
    mutationFn: () => call('projects.add', { name: name.trim(), path: path.trim(), base_branch: base.trim() || undefined }),
    onSuccess: async (project) => {
      await refresh();
      await navigate({ to: '/projects', search: { project: project.name } });
    },
  });
  const ready = name.trim() !== '' && path.trim() !== '';

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready) add.mutate();
  }
  const at = fieldOf(add.error);
  const problem = (field: string) => (at === field ? sentenceOf(add.error) : undefined);
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add a project"
      width={480}
      footer={
        <>
          <Button onClick={onClose} className="ml-auto">
            Cancel
          </Button>
          <Button type="submit" form="add-project" kind="primary" busy={add.isPending} disabled={!ready}>
            Add project
          </Button>
        </>
      }
    >
      <form id="add-project" onSubmit={submit} noValidate className="flex flex-col gap-3.5 overflow-y-auto px-5 pt-1 pb-5">
        <Field label="Folder" hint="A git checkout on the machine where Gluon runs. ~ and ${VAR} are understood." error={problem('path')}>
          {(control) => (
            <TextInput
              {...control}
              autoFocus
              className="mono text-small"
              placeholder="~/code/web-app"
              value={path}
              onChange={({ target }) => {
                setPath(target.value);
                add.reset();
              }}
            />
          )}
        </Field>
        <Field label="Name" error={problem('name')}>
          {(control) => (
            <TextInput
              {...control}
              value={name}
              onChange={({ target }) => {
                setTypedName(target.value);
                add.reset();
              }}
            />
          )}
        </Field>
        <Field label="Base branch" hint="Where runs start. Empty: the branch that is checked out then." error={problem('base_branch')}>
          {(control) => (
            <TextInput
              {...control}
              className="mono text-small"
              value={base}
              onChange={({ target }) => {
                setBase(target.value);
                add.reset();
              }}
            />
          )}
        </Field>
        {add.error !== null && at === null && <Problem title="The project was not added" error={add.error} />}
      </form>
    </Dialog>
  );
}

/** The field that an error is about; null: none of them, or several. */
function fieldOf(error: unknown): 'name' | 'path' | 'base_branch' | null {
  if (!(error instanceof ApiFailure)) return null;
  if (/^project_(exists|name_invalid)$/.test(error.code)) return 'name';
  if (/^(path_|repository_|not_a_repository)/.test(error.code)) return 'path';
  if (/^branch_/.test(error.code)) return 'base_branch';
  const [first] = error.fields;
  return (['name', 'path', 'base_branch'] as const).find((field) => first?.pointer === `/${field}`) ?? null;
}

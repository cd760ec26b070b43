/** Registering a folder that holds several projects; what is found in it is told. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.ts';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { nameFromPath } from './names.ts';
import { useRefreshProjects } from './use-projects.ts';
import { FoundProjects } from './workspace-actions.tsx';

export function AddWorkspace({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [scan, setScan] = useState(true);
  const refresh = useRefreshProjects();
  const name = typedName ?? nameFromPath(path);
  const add = useMutation({
    mutationFn: () => call('workspaces.add', { name: name.trim(), path: path.trim(), scan }),
    onSuccess: refresh,
  });
  const ready = name.trim() !== '' && path.trim() !== '';
  const done = add.data !== undefined;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (ready && !done) add.mutate();
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={done ? `${add.data.workspace.name} was added` : 'Add a workspace'}
      width={480}
      footer={
        done ? (
          <Button kind="primary" onClick={onClose} className="ml-auto">
            Done
          </Button>
        ) : (
          <>
            <Button onClick={onClose} className="ml-auto">
              Cancel
            </Button>
            <Button type="submit" form="add-workspace" kind="primary" busy={add.isPending} disabled={!ready}>
              Add workspace
            </Button>
          </>
        )
      }
    >
      {done ? (
        <div className="overflow-y-auto px-5 pt-1 pb-5">
          {scan ? <FoundProjects found={add.data.found} /> : <p className="text-fg-2">It was not searched yet.</p>}
        </div>
      ) : (
        <form id="add-workspace" onSubmit={submit} noValidate className="flex flex-col gap-3.5 overflow-y-auto px-5 pt-1 pb-5">
          <Field label="Folder" hint="A folder that holds several repositories. ~ and ${VAR} are understood.">
            {(control) => (
              <TextInput
                {...control}
                autoFocus
                className="mono text-small"
                placeholder="~/code"
                value={path}
                onChange={({ target }) => {
                  setPath(target.value);
                  add.reset();
                }}
              />
            )}
          </Field>
          <Field label="Name">
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
          <Checkbox checked={scan} onChange={setScan} label="Register the repositories in it as projects" />
          {add.error !== null && <Problem title="The workspace was not added" error={add.error} />}
        </form>
      )}
    </Dialog>
  );
}

/** What a project has of its own; what it leaves open is taken from its `.gluon.yml`, then from the settings. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { OperationInput } from '../../../src/contract/operations.ts';
import type { Project } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { EditorRow } from '../settings/editor-row.tsx';
import { type Editor, shownValue } from '../settings/setting-groups.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { useRefreshProjects } from './use-projects.ts';

type Field = Exclude<keyof OperationInput<'projects.update'>, 'project'>;

interface FieldLook {
  readonly field: Field;
  readonly label: string;
  readonly summary: string;
  readonly editor: Exclude<Editor, { kind: 'prices' }>;
  /** What holds while it is open; undefined: it cannot be left open. */
  readonly open?: string;
}

const INHERITED = 'As in the settings';

const FIELDS: readonly FieldLook[] = [
  { field: 'name', label: 'Name', summary: 'Letters, digits, dots, dashes and underscores.', editor: { kind: 'text' } },
  { field: 'path', label: 'Folder', summary: 'Where the repository is now, if it has moved.', editor: { kind: 'text' } },
  {
    field: 'base_branch',
    label: 'Base branch',
    summary: 'Where runs start and where they are merged.',
    editor: { kind: 'text', placeholder: 'The one that is checked out' },
    open: 'The branch that is checked out when a run is submitted',
  },
  {
    field: 'branch_template',
    label: 'Names of branches',
    summary: '{id8} becomes the first eight characters of the run.',
    editor: { kind: 'text', placeholder: 'gluon-task/{id8}' },
    open: 'gluon-task/{id8}',
  },
  {
    field: 'worktree_root',
    label: 'Folder for working copies',
    summary: 'On a disk with room; outside of the repository.',
    editor: { kind: 'text', placeholder: 'In the home folder of Gluon' },
    open: 'In the home folder of Gluon',
  },
  {
    field: 'max_concurrent_runs',
    label: 'Runs at the same time',
    summary: 'In this project.',
    editor: { kind: 'number' },
    open: INHERITED,
  },
  {
    field: 'sandbox',
    label: 'Sandbox level',
    summary: 'Of a run that names none.',
    editor: {
      kind: 'choice',
      options: [
        { value: '', label: INHERITED },
        { value: 'strict', label: 'Strict' },
        { value: 'standard', label: 'Standard' },
        { value: 'none', label: 'None' },
      ],
    },
    open: INHERITED,
  },
  {
    field: 'egress',
    label: 'Network',
    summary: 'What a strict sandbox may reach beside the model.',
    editor: { kind: 'egress', inherited: INHERITED },
    open: INHERITED,
  },
];

export function ProjectSettings({ project, mayAct }: { project: Project; mayAct: boolean }) {
  return (
    <Panel title="Settings of this project">
      {FIELDS.map((look) => (
        <FieldRow key={look.field} look={look} project={project} mayAct={mayAct} />
      ))}
    </Panel>
  );
}

function FieldRow({ look, project, mayAct }: { look: FieldLook; project: Project; mayAct: boolean }) {
  const { field, label, summary, editor, open } = look;
  const refresh = useRefreshProjects();
  const navigate = useNavigate();
  const change = useMutation({
    mutationFn: (to: unknown) => call('projects.update', { project: project.id, [field]: to } as OperationInput<'projects.update'>),
    onSuccess: async (next) => {
      // The name stands in the address.
      if (next.name !== project.name) await navigate({ to: '/projects', search: { project: next.name }, replace: true });
      await refresh();
    },
  });
  const value = project[field];
  return (
    <EditorRow
      label={label}
      summary={summary}
      editor={editor}
      value={shownValue(editor, value, change.isPending ? change.variables : undefined) ?? (editor.kind === 'egress' ? null : '')}
      fixed={!mayAct}
      busy={change.isPending}
      error={change.error}
      onChange={(to) => change.mutate(to === '' && open !== undefined ? null : to)}
      onEdit={() => change.error !== null && change.reset()}
    >
      {(editor.kind === 'number' || (editor.kind === 'text' && open !== undefined && value !== null)) && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-small text-fg-3">
          {value === null ? (
            open
          ) : (
            <>
              <span className="text-fg-2">Its own</span>
              {mayAct && (
                <Button size="xs" kind="outline" busy={change.isPending} onClick={() => change.mutate(null)} aria-label={`Reset ${label}`}>
                  Reset
                </Button>
              )}
            </>
          )}
        </p>
      )}
    </EditorRow>
  );
}

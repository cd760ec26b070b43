/** Controls for values of settings. What is chosen counts at once; what is typed counts when it is saved. */
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Select, TextArea, TextInput } from '../ui/field.tsx';
import { Switch } from '../ui/switch.tsx';
import type { Editor, Option } from './setting-groups.ts';

interface EditorProps {
  readonly value: unknown;
  readonly fixed: boolean;
  readonly busy: boolean;
  /** Of the control; of a group, `<id>-label` is the id of its name. */
  readonly id: string;
  readonly label: string;
  readonly describedBy: string;
  readonly invalid: boolean;
  readonly onChange: (value: unknown) => void;
  /** Somebody began to type: what was refused before is no longer said. */
  readonly onEdit: () => void;
}

export function SettingEditor({ editor, ...props }: EditorProps & { editor: Exclude<Editor, { kind: 'prices' }> }) {
  const aria = { id: props.id, 'aria-describedby': props.describedBy, 'aria-invalid': props.invalid || undefined };
  const disabled = props.fixed || props.busy;
  switch (editor.kind) {
    case 'switch':
      return <Switch {...aria} checked={props.value === true} disabled={disabled} onChange={props.onChange} className="my-2" />;
    case 'choice':
      return (
        <Select {...aria} value={String(props.value)} disabled={disabled} onChange={({ target }) => props.onChange(target.value)}>
          {options(editor.options)}
        </Select>
      );
    case 'several':
      return <Several {...props} options={editor.options} />;
    case 'number':
      return <Typed {...props} text={String(props.value)} parse={numberOf} number unit={editor.unit} />;
    case 'text':
      return <Typed {...props} text={String(props.value ?? '')} parse={(text) => text.trim()} placeholder={editor.placeholder} />;
    case 'list':
      return <Typed {...props} text={linesOf(props.value)} parse={listOf} lines placeholder={editor.placeholder} />;
    case 'egress':
      return <EgressEditor {...props} inherited={editor.inherited} />;
  }
}

function options(all: readonly Option[]) {
  return all.map(({ value, label }) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}

interface TypedProps extends EditorProps {
  /** The saved value as text. */
  readonly text: string;
  readonly parse: (text: string) => unknown;
  readonly number?: boolean;
  readonly unit?: string | undefined;
  readonly placeholder?: string | undefined;
  /** One entry per line. */
  readonly lines?: boolean;
  /** Where no `<label>` names it. */
  readonly ariaLabel?: string;
}

function Typed({ text, parse, number = false, unit, placeholder, lines = false, ariaLabel, ...props }: TypedProps) {
  const [draft, setDraft] = useState<string | null>(null);
  // Saved, or changed by somebody else: the server's value is shown again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the new text is what ends the draft
  useEffect(() => setDraft(null), [text]);
  const shown = draft ?? text;
  const changed = draft !== null && JSON.stringify(parse(draft)) !== JSON.stringify(parse(text));

  function save(event?: FormEvent): void {
    event?.preventDefault();
    if (changed) props.onChange(parse(shown));
  }
  function back(event: KeyboardEvent): void {
    if (event.key === 'Escape' && changed) {
      event.stopPropagation();
      setDraft(null);
      props.onEdit();
    }
  }
  const control = {
    id: props.id,
    'aria-label': ariaLabel,
    'aria-describedby': props.describedBy,
    'aria-invalid': props.invalid || undefined,
    value: shown,
    placeholder,
    readOnly: props.fixed,
    onChange: ({ target }: { target: { value: string } }) => {
      setDraft(target.value);
      props.onEdit();
    },
    onKeyDown: back,
    onBlur: () => !changed && setDraft(null),
  } as const;
  return (
    <form onSubmit={save} className={lines ? 'flex flex-col items-start gap-1.5' : 'flex items-center gap-2'}>
      {lines ? (
        <TextArea {...control} className="mono text-small" />
      ) : (
        <TextInput {...control} inputMode={number ? 'decimal' : undefined} className={number ? 'num' : undefined} />
      )}
      {unit !== undefined && <span className="flex-none text-small text-fg-2">{unit}</span>}
      {changed && (
        <Button type="submit" kind="primary" size="md" busy={props.busy}>
          Save
        </Button>
      )}
    </form>
  );
}

/** What is no number goes to the server as it is: its sentence says what is wrong. */
function numberOf(text: string): unknown {
  const number = Number(text.trim().replaceAll('_', ''));
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

function linesOf(value: unknown): string {
  return Array.isArray(value) ? value.join('\n') : '';
}

function listOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function Several({ options: all, value, fixed, busy, id, describedBy, onChange }: EditorProps & { options: readonly Option[] }) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset aria-labelledby={`${id}-label`} aria-describedby={describedBy} className="flex flex-col">
      {all.map((option) => (
        <Checkbox
          key={option.value}
          label={option.label}
          checked={chosen.includes(option.value)}
          disabled={fixed || busy}
          onChange={(on) => onChange(on ? [...chosen, option.value] : chosen.filter((each) => each !== option.value))}
        />
      ))}
    </fieldset>
  );
}

const NAMES = 'names';

/** A policy by name, or the names that may be reached. */
function EgressEditor({ inherited, ...props }: EditorProps & { inherited: string | undefined }) {
  const [naming, setNaming] = useState(false);
  const list = naming || Array.isArray(props.value);
  return (
    <>
      <Select
        id={props.id}
        aria-describedby={props.describedBy}
        value={list ? NAMES : String(props.value ?? '')}
        disabled={props.fixed || props.busy}
        onChange={({ target }) => {
          setNaming(target.value === NAMES);
          if (target.value !== NAMES) props.onChange(target.value === '' ? null : target.value);
        }}
      >
        {inherited !== undefined && <option value="">{inherited}</option>}
        <option value="none">Nothing but the model</option>
        <option value="packages">Package registries</option>
        <option value={NAMES}>Only these names</option>
        <option value="all">Everything</option>
      </Select>
      {list && (
        <Typed
          {...props}
          id={`${props.id}-names`}
          ariaLabel={`${props.label}: names`}
          text={linesOf(props.value)}
          parse={listOf}
          lines
          placeholder={'example.org\n*.example.org\nexample.org:8443'}
        />
      )}
    </>
  );
}

/** A value with its meaning on the left and its control on the right; what was refused is said below the control. */
import { type ReactNode, useId } from 'react';
import { Glyph } from '../ui/glyph.tsx';
import { sentenceOf } from '../ui/problem.tsx';
import { SettingEditor } from './editors.tsx';
import type { Editor } from './setting-groups.ts';

interface EditorRowProps {
  /** To be linked to. */
  readonly id?: string;
  readonly label: string;
  readonly summary: string;
  readonly editor: Exclude<Editor, { kind: 'prices' }>;
  readonly value: unknown;
  readonly fixed: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onChange: (value: unknown) => void;
  /** Somebody began to type: what was refused before is no longer said. */
  readonly onEdit: () => void;
  /** Below the summary. */
  readonly note?: ReactNode;
  /** Below the control: where the value comes from. */
  readonly children?: ReactNode;
}

export function EditorRow({ id, label, summary, note, editor, value, fixed, busy, error, onChange, onEdit, children }: EditorRowProps) {
  const own = useId();
  const refused = error !== null && error !== undefined;
  return (
    <Row
      id={id}
      head={
        <>
          {/* Several values have a group to be named, one has a control. */}
          {editor.kind === 'several' ? (
            <p id={`${own}-label`} className="font-medium">
              {label}
            </p>
          ) : (
            <label htmlFor={own} className="block font-medium">
              {label}
            </label>
          )}
          <p id={`${own}-summary`} className="text-small text-fg-2">
            {summary}
          </p>
          {note}
        </>
      }
    >
      <SettingEditor
        editor={editor}
        value={value}
        fixed={fixed}
        busy={busy}
        id={own}
        label={label}
        describedBy={refused ? `${own}-error ${own}-summary` : `${own}-summary`}
        invalid={refused}
        onChange={onChange}
        onEdit={onEdit}
      />
      {refused && (
        <p id={`${own}-error`} role="alert" className="flex items-start gap-1.5 text-small break-words text-failed-fg">
          <Glyph name="failed" size={12} className="mt-0.5" />
          <span className="min-w-0">{sentenceOf(error)}</span>
        </p>
      )}
      {children}
    </Row>
  );
}

/** One below the other on a phone, and for what needs the room. */
export function Row({ id, head, wide = false, children }: { id?: string; head: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div
      id={id}
      className={`grid scroll-mt-4 gap-x-6 gap-y-2 border-t border-line-subtle px-3.5 py-3 ${wide ? '' : 'grid-cols-[minmax(0,1fr)_minmax(0,280px)] max-phone:grid-cols-1'}`}
    >
      <div className="min-w-0">{head}</div>
      <div className="flex min-w-0 flex-col gap-1">{children}</div>
    </div>
  );
}

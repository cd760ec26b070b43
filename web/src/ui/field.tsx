/** A labelled place to type or choose, with what went wrong right below it. */
import { ChevronDown } from 'lucide-react';
import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react';
import { cx } from './class-names.ts';
import { Glyph } from './glyph.tsx';

/** What a control needs so that its label, hint and error are read with it: spread it over the control. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: ReactNode;
  /** What to know before typing. */
  readonly hint?: ReactNode;
  /** The server's sentence; announced when it appears. */
  readonly error?: string | undefined;
  /** The label is only read aloud: the place says enough to the eye. */
  readonly hideLabel?: boolean;
  readonly className?: string;
  readonly children: (control: ControlProps) => ReactNode;
}

export function Field({ label, hint, error, hideLabel = false, className, children }: FieldProps) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  const errorId = error === undefined ? undefined : `${id}-error`;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr' : 'text-small font-medium text-fg-2'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': cx(errorId, hintId) || undefined, 'aria-invalid': error === undefined ? undefined : true })}
      {hint !== undefined && (
        <p id={hintId} className="text-small text-fg-3">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={errorId} role="alert" className="flex items-start gap-1.5 text-small break-words text-failed-fg">
          <Glyph name="failed" size={12} className="mt-0.5" />
          <span className="min-w-0">{error}</span>
        </p>
      )}
    </div>
  );
}

/** 16 px under a finger: smaller text makes a phone zoom in. */
const EDGE = 'shadow-[inset_0_0_0_1px_var(--border-control)]';
const BOX =
  'w-full min-w-0 rounded-md bg-raised px-2.5 text-fg disabled:bg-sunken disabled:text-fg-2 [&[readonly]]:bg-sunken aria-invalid:shadow-[inset_0_0_0_1.5px_var(--failed-solid)] pointer-coarse:text-[16px]';

export function TextInput({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return (
    <input type="text" autoComplete="off" spellCheck={false} {...rest} className={cx(BOX, EDGE, 'h-8 pointer-coarse:h-11', className)} />
  );
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={3} {...rest} className={cx(BOX, EDGE, 'min-h-8 resize-y py-1.5', className)} />;
}

interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  /** Filters in the head of a view: lower, and with a softer edge. */
  readonly quiet?: boolean;
}

/** The browser's own list: it fits every screen, keyboard and reader. `children` are its options. */
export function Select({ quiet = false, className, children, ...rest }: SelectProps) {
  return (
    <span className={cx('relative block min-w-0', className)}>
      <select
        {...rest}
        className={cx(
          BOX,
          'appearance-none truncate pr-8 pointer-coarse:h-11',
          quiet ? 'h-7 font-medium shadow-[inset_0_0_0_1px_var(--border),var(--e-card)] hover:bg-raised-hover' : cx('h-8', EDGE),
        )}
      >
        {children}
      </select>
      <ChevronDown
        size={14}
        strokeWidth={1.75}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-fg-2"
      />
    </span>
  );
}

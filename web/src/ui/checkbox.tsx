/** Checkboxes and radio buttons: drawn alike, told apart by their shape. */
import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'onChange'> {
  /** One of several: give all of them the same `name`. */
  readonly radio?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly label?: ReactNode;
}

const TICK =
  'after:absolute after:top-[2.5px] after:left-[5.5px] after:hidden after:h-[9px] after:w-[5px] after:rotate-45 after:border-r-[1.75px] after:border-b-[1.75px] after:border-on-ink checked:after:block';
const DOT =
  'after:absolute after:top-[5px] after:left-[5px] after:hidden after:size-1.5 after:rounded-full after:bg-on-ink checked:after:block';

/** Without `label` it needs one from elsewhere (`aria-label`, `aria-labelledby`, `<label for>`). */
export function Checkbox({ radio = false, onChange, label, className, ...rest }: CheckboxProps) {
  const id = useId();
  const box = (
    <input
      id={id}
      {...rest}
      type={radio ? 'radio' : 'checkbox'}
      onChange={(event) => onChange(event.target.checked)}
      className={cx(
        'relative m-0 size-4 flex-none cursor-pointer appearance-none bg-raised shadow-[inset_0_0_0_1.5px_var(--border-control)] checked:bg-ink checked:shadow-none disabled:cursor-default disabled:opacity-50',
        radio ? cx('rounded-full', DOT) : cx('rounded-sm', TICK),
        'pointer-coarse:before:absolute pointer-coarse:before:-inset-3.5',
        label === undefined && className,
      )}
    />
  );
  if (label === undefined) return box;
  return (
    <label htmlFor={rest.id ?? id} className={cx('flex min-h-7 cursor-pointer items-center gap-2 pointer-coarse:min-h-11', className)}>
      {box}
      <span className="min-w-0">{label}</span>
    </label>
  );
}

/** Something that is on or off at once. What has to be sent first is a checkbox. */
import type { InputHTMLAttributes } from 'react';
import { cx } from './class-names.ts';

interface SwitchProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'role' | 'onChange'> {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Needs a label: `aria-label`, `aria-labelledby`, or a `<label>` around it or for its id. */
export function Switch({ checked, onChange, className, ...rest }: SwitchProps) {
  return (
    <input
      {...rest}
      type="checkbox"
      role="switch"
      aria-checked={checked}
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
      className={cx(
        'relative m-0 h-4 w-7 flex-none cursor-pointer appearance-none rounded-full bg-raised shadow-[inset_0_0_0_1.5px_var(--border-control)] transition-colors duration-(--d-fast) checked:bg-ink checked:shadow-none disabled:cursor-default disabled:opacity-50',
        // The knob.
        'after:absolute after:top-1 after:left-1 after:size-2 after:rounded-full after:bg-line-control checked:after:top-0.5 checked:after:left-3.5 checked:after:size-3 checked:after:bg-on-ink',
        // A finger hits it from further away than the eye sees it.
        'pointer-coarse:before:absolute pointer-coarse:before:-inset-x-2 pointer-coarse:before:-inset-y-3.5',
        className,
      )}
    />
  );
}
